{{/* How the webhook is called, and for which namespaces. Call with (dict "root" $ "path" p "namespaces" (list of expressions)). */}}
{{- define "gracekeeper.webhookRoute" -}}
{{- $excluded := concat (list "kube-system" "kube-node-lease" .root.Release.Namespace) .root.Values.webhook.excludedNamespaces | uniq -}}
clientConfig:
  service:
    namespace: {{ .root.Release.Namespace }}
    name: {{ include "gracekeeper.webhookService" .root }}
    port: 443
    path: {{ .path }}
namespaceSelector:
  matchExpressions:
    - key: kubernetes.io/metadata.name
      operator: NotIn
      values:
        {{- range $excluded }}
        - {{ . }}
        {{- end }}
    {{- with .namespaces }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
admissionReviewVersions: [v1]
sideEffects: None
matchPolicy: Equivalent
timeoutSeconds: {{ .root.Values.webhook.timeoutSeconds | int }}
{{- end }}

{{/* A rule for each registered kind of workload. */}}
{{- define "gracekeeper.registeredRules" -}}
{{- range .Values.workloadKinds }}
- {apiGroups: [{{ .group }}], apiVersions: [{{ .version }}], resources: [{{ .resource }}], operations: [CREATE, UPDATE], scope: Namespaced}
{{- end }}
{{- end }}

{{/* CEL: created, or with another pod template. A registered kind may have none (a Rollout with workloadRef). */}}
{{- define "gracekeeper.templateChanged" -}}
request.operation == 'CREATE' ||
(request.resource.resource == 'cronjobs' && request.resource.group == 'batch' ?
object.spec.jobTemplate.spec.template != oldObject.spec.jobTemplate.spec.template :
{{- range .Values.workloadKinds }}
{{- if ne .templatePath "spec.template" }}
request.resource.resource == '{{ .resource }}' && request.resource.group == '{{ .group }}' ?
{{- $path := .templatePath | replace "." ".?" }}
object.?{{ $path }}.orValue(null) != oldObject.?{{ $path }}.orValue(null) :
{{- end }}
{{- end }}
object.?spec.?template.orValue(null) != oldObject.?spec.?template.orValue(null))
{{- end }}

{{/* CEL: whether a controller asks, by its user: anybody can write ownerReferences. */}}
{{- define "gracekeeper.byController" -}}
{{- $own := list "system:kube-controller-manager" }}
{{- range list "deployment" "replicaset" "statefulset" "daemon-set" "replication" "job" "cronjob" }}
{{- $own = append $own (printf "system:serviceaccount:kube-system:%s-controller" .) }}
{{- end }}
{{- range .Values.workloadKinds }}
{{- $own = concat $own .controllers }}
{{- end -}}
(request.userInfo.username in [
{{- range $i, $user := uniq $own }}{{ if $i }}, {{ end }}'{{ $user }}'{{ end -}}
])
{{- end }}

{{/* A match condition: no ReplicaSet or Job that a controller makes for its workload, which was judged itself. */}}
{{- define "gracekeeper.notMadeByController" -}}
- name: not-made-by-controller
  expression: >-
    !(request.resource.resource in ['replicasets', 'jobs'] &&
    {{- include "gracekeeper.byController" . | nindent 4 }})
{{- end }}
