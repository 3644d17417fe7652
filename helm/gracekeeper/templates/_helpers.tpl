{{/* The release's name if it says what this is, else with ours behind it. Leaves room for the longest suffix. */}}
{{- define "gracekeeper.fullname" -}}
{{- if contains "gracekeeper" .Release.Name }}{{ .Release.Name | trunc 45 | trimSuffix "-" }}
{{- else }}{{ .Release.Name | trunc 33 | trimSuffix "-" }}-gracekeeper
{{- end }}
{{- end }}

{{/* Labels of every object. Call with (dict "root" $ "component" "operator"|"webhook"|""). */}}
{{- define "gracekeeper.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: gracekeeper
{{ include "gracekeeper.selectorLabels" . }}
{{- end }}

{{/* What selects pods; can't change between versions. */}}
{{- define "gracekeeper.selectorLabels" -}}
app.kubernetes.io/name: gracekeeper
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{- define "gracekeeper.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- define "gracekeeper.canaryNamespace" -}}
{{- .Values.canary.namespace | default (printf "%s-canary" (.Release.Namespace | default "default")) }}
{{- end }}

{{/* Names that both Deployments, RBAC and the webhook configurations must agree on. */}}
{{- define "gracekeeper.tlsSecret" -}}{{ include "gracekeeper.fullname" . }}-webhook-tls{{- end }}
{{- define "gracekeeper.caSecret" -}}{{ include "gracekeeper.fullname" . }}-ca{{- end }}
{{- define "gracekeeper.lease" -}}{{ include "gracekeeper.fullname" . }}-operator{{- end }}
{{- define "gracekeeper.webhookService" -}}{{ include "gracekeeper.fullname" . }}-webhook{{- end }}
{{- define "gracekeeper.httpsPort" -}}8443{{- end }}
{{- define "gracekeeper.managementPort" -}}8081{{- end }}

{{/*
Seconds for what the stop of a process does beside draining and finishing: closing its ports, watches and connections, each with
a bound of its own of at most 2 s. The kubelet's SIGKILL then comes after the process's own last deadline, whatever hangs.
*/}}
{{- define "gracekeeper.marginSeconds" -}}10{{- end }}

{{/* Configuration of a process, as env. Call with (dict "root" $ "drain" n "shutdown" n). */}}
{{- define "gracekeeper.env" -}}
{{- $root := .root -}}
- name: GRACEKEEPER_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
- name: GRACEKEEPER_POD_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: GRACEKEEPER_WEBHOOK_SERVICE
  value: {{ include "gracekeeper.webhookService" $root }}
- name: GRACEKEEPER_WEBHOOK_CONFIGURATION
  value: {{ include "gracekeeper.fullname" $root }}
- name: GRACEKEEPER_TLS_SECRET
  value: {{ include "gracekeeper.tlsSecret" $root }}
- name: GRACEKEEPER_CA_SECRET
  value: {{ include "gracekeeper.caSecret" $root }}
- name: GRACEKEEPER_LEASE
  value: {{ include "gracekeeper.lease" $root }}
- name: GRACEKEEPER_CANARY_NAMESPACE
  value: {{ include "gracekeeper.canaryNamespace" $root }}
- name: GRACEKEEPER_MAX_TERMINATION_GRACE_PERIOD_SECONDS
  value: {{ $root.Values.maxTerminationGracePeriodSeconds | int | quote }}
- name: GRACEKEEPER_WORKLOAD_KINDS
  value: {{ $root.Values.workloadKinds | toJson | quote }}
- name: GRACEKEEPER_MAX_CONCURRENT_RETROFITS
  value: {{ $root.Values.retrofit.maxConcurrent | int | quote }}
- name: GRACEKEEPER_POLICY_REPORTS_OWNER
  value: {{ ternary (include "gracekeeper.policyReports" $root) "" $root.Values.policyReports.enabled | quote }}
- name: GRACEKEEPER_HTTPS_PORT
  value: {{ include "gracekeeper.httpsPort" $root | quote }}
- name: GRACEKEEPER_MANAGEMENT_PORT
  value: {{ include "gracekeeper.managementPort" $root | quote }}
- name: GRACEKEEPER_DRAIN_SECONDS
  value: {{ .drain | int | quote }}
- name: GRACEKEEPER_SHUTDOWN_SECONDS
  value: {{ .shutdown | int | quote }}
- name: GRACEKEEPER_LOG_LEVEL
  value: {{ $root.Values.logLevel }}
- name: GRACEKEEPER_LOG_FORMAT
  value: {{ $root.Values.logFormat }}
{{- end }}

{{/* What the two containers have in common besides env. */}}
{{- define "gracekeeper.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
# Two minutes to start on a very busy node; on a quiet one it is about a second. /startz answers as soon as the process is ready, after
# five seconds in any case; the kubelet asks for readiness right after that.
startupProbe:
  httpGet: {path: /startz, port: metrics}
  periodSeconds: 1
  timeoutSeconds: 8
  failureThreshold: 120
livenessProbe:
  httpGet: {path: /livez, port: metrics}
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 3
readinessProbe:
  httpGet: {path: /readyz, port: metrics}
  periodSeconds: 1
  timeoutSeconds: 3
  failureThreshold: 3
{{- end }}

{{/* What the two pods have in common. Call with (dict "root" $ "component" ...). */}}
{{- define "gracekeeper.podCommon" -}}
{{- $root := .root -}}
serviceAccountName: {{ include "gracekeeper.fullname" $root }}-{{ .component }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
# Service links would add an env variable per Service of the namespace.
enableServiceLinks: false
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "gracekeeper.selectorLabels" $ | nindent 8 }}
    # Without it, the pods that are about to go would be counted, and the new ones end up together.
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $root.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $root.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $root.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $root.Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Metadata of the two pods. Call with (dict "root" $ "component" ...). */}}
{{- define "gracekeeper.podMetadata" -}}
labels:
  {{- with .root.Values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- include "gracekeeper.labels" . | nindent 2 }}
{{- with .root.Values.podAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The ClusterRole that allows PolicyReports and owns them: they go when it goes. */}}
{{- define "gracekeeper.policyReports" -}}
{{ include "gracekeeper.fullname" . }}-operator-reports
{{- end }}
