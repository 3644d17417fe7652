package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// What the stand-in's cluster consists of.
type cluster struct {
	namespaces, deployments, revisions, statefulSets, jobs, policies int
}

const (
	ourNamespace  = "gracekeeper-system"
	servingSecret = "gracekeeper-webhook-tls"
	// Where the first policy is, and the Deployment of the review.
	shop = "shop-0"
)

func (c cluster) namespace(number int) string {
	return fmt.Sprintf("shop-%d", number%max(c.namespaces, 1))
}

// collections by the path at which the API server has them. What nobody asks for is not there.
func (c cluster) collections(serving identity) map[string]collection {
	none := func(int) string { return "" }
	return map[string]collection{
		"/api/v1/namespaces":                                            {"v1", "Namespace", c.namespaces, c.namespaceObject},
		"/api/v1/namespaces/" + ourNamespace + "/secrets":               {"v1", "Secret", 1, func(int) string { return secret(serving) }},
		"/api/v1/replicationcontrollers":                                {"v1", "ReplicationController", 0, none},
		"/apis/apps/v1/deployments":                                     {"apps/v1", "Deployment", c.deployments, c.deployment},
		"/apis/apps/v1/replicasets":                                     {"apps/v1", "ReplicaSet", c.deployments * c.revisions, c.replicaSet},
		"/apis/apps/v1/statefulsets":                                    {"apps/v1", "StatefulSet", c.statefulSets, c.statefulSet},
		"/apis/apps/v1/daemonsets":                                      {"apps/v1", "DaemonSet", 0, none},
		"/apis/apps/v1/controllerrevisions":                             {"apps/v1", "ControllerRevision", c.statefulSets * c.revisions, c.controllerRevision},
		"/apis/batch/v1/jobs":                                           {"batch/v1", "Job", c.jobs, c.job},
		"/apis/batch/v1/cronjobs":                                       {"batch/v1", "CronJob", 0, none},
		"/apis/gracekeeper.io/v1alpha1/gracefulshutdownpolicies":        {"gracekeeper.io/v1alpha1", "GracefulShutdownPolicy", c.policies, c.policy},
		"/apis/gracekeeper.io/v1alpha1/clustergracefulshutdownpolicies": {"gracekeeper.io/v1alpha1", "ClusterGracefulShutdownPolicy", 0, none},
		"/apis/gracekeeper.io/v1alpha1/shutdownexceptions":              {"gracekeeper.io/v1alpha1", "ShutdownException", 0, none},
	}
}

func (c cluster) namespaceObject(number int) string {
	return fmt.Sprintf(`{"apiVersion":"v1","kind":"Namespace","metadata":{"name":%q,"uid":%q,"resourceVersion":"%d",`+
		`"creationTimestamp":"2026-11-24T09:00:00Z","labels":{"kubernetes.io/metadata.name":%q,"env":"prod","team":"team-%d",`+
		`"pod-security.kubernetes.io/enforce":"restricted","cost-center":"cc-%d"}},"spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}}`,
		c.namespace(number), uid("namespace", number), number+1, c.namespace(number), number%40, number%90)
}

func (c cluster) policy(number int) string {
	return fmt.Sprintf(`{"apiVersion":"gracekeeper.io/v1alpha1","kind":"GracefulShutdownPolicy","metadata":{"name":"web","namespace":%q,`+
		`"uid":%q,"resourceVersion":"%d","generation":1,"creationTimestamp":"2026-11-24T09:00:00Z"},"spec":{"requirements":`+
		`{"drainDelaySeconds":10,"shutdownSeconds":20},"validation":{"actions":["Deny"]},"injection":{"mode":"Apply"}}}`,
		c.namespace(number), uid("policy", number), number+1)
}

func secret(serving identity) string {
	encode := base64.StdEncoding.EncodeToString
	return fmt.Sprintf(`{"apiVersion":"v1","kind":"Secret","metadata":{"name":%q,"namespace":%q,"uid":%q,"resourceVersion":"7"},`+
		`"type":"kubernetes.io/tls","data":{"tls.crt":%q,"tls.key":%q,"ca.crt":%q}}`,
		servingSecret, ourNamespace, uid("secret", 0), encode(serving.certificate), encode(serving.key), encode(serving.certificate))
}

// A Deployment as an API server stores one that somebody has applied: 6.5 KB, of which last-applied and managedFields are a half.
func (c cluster) deployment(number int) string {
	return c.workload("Deployment", number)
}

func (c cluster) statefulSet(number int) string {
	return c.workload("StatefulSet", number)
}

func (c cluster) workload(kind string, number int) string {
	name := fmt.Sprintf("app-%d", number)
	template := podTemplate(name, number, 0)
	applied, err := json.Marshal(fmt.Sprintf(`{"apiVersion":"apps/v1","kind":%q,"metadata":{"annotations":{},"labels":{"app.kubernetes.io/name":%q},`+
		`"name":%q,"namespace":%q},"spec":{"replicas":3,"selector":{"matchLabels":{"app.kubernetes.io/name":%q}},"template":%s}}`,
		kind, name, name, c.namespace(number), name, podTemplate(name, number, 0)))
	must(err)
	return fmt.Sprintf(`{"apiVersion":"apps/v1","kind":%q,"metadata":{"name":%q,"namespace":%q,"uid":%q,"resourceVersion":"%d","generation":4,`+
		`"creationTimestamp":"2026-11-24T09:00:00Z","labels":{"app.kubernetes.io/name":%q},"annotations":{"deployment.kubernetes.io/revision":"4",`+
		`"kubectl.kubernetes.io/last-applied-configuration":%s},"managedFields":%s},"spec":{"replicas":3,"revisionHistoryLimit":10,`+
		`"progressDeadlineSeconds":600,"selector":{"matchLabels":{"app.kubernetes.io/name":%q}},"strategy":{"type":"RollingUpdate",`+
		`"rollingUpdate":{"maxSurge":"25%%","maxUnavailable":"25%%"}},"template":%s},"status":{"observedGeneration":4,"replicas":3,"updatedReplicas":3,`+
		`"readyReplicas":3,"availableReplicas":3,"conditions":[{"type":"Available","status":"True","lastUpdateTime":"2026-11-24T09:01:00Z",`+
		`"lastTransitionTime":"2026-11-24T09:01:00Z","reason":"MinimumReplicasAvailable","message":"Deployment has minimum availability."}]}}`,
		kind, name, c.namespace(number), uid(kind, number), number+1, name, applied, managedFields, name, template)
}

// The revision of each Deployment, newest first; they differ in their image, as revisions do.
func (c cluster) replicaSet(number int) string {
	owner, revision := number/c.revisions, number%c.revisions
	name := fmt.Sprintf("app-%d", owner)
	return fmt.Sprintf(`{"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"%s-%010x","namespace":%q,"uid":%q,"resourceVersion":"%d",`+
		`"generation":2,"creationTimestamp":"2026-11-24T09:00:00Z","labels":{"app.kubernetes.io/name":%q,"pod-template-hash":"%010x"},`+
		`"annotations":{"deployment.kubernetes.io/desired-replicas":"3","deployment.kubernetes.io/max-replicas":"4","deployment.kubernetes.io/revision":"%d"},`+
		`"ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":%q,"uid":%q,"controller":true,"blockOwnerDeletion":true}],`+
		`"managedFields":%s},"spec":{"replicas":%d,"selector":{"matchLabels":{"app.kubernetes.io/name":%q,"pod-template-hash":"%010x"}},"template":%s},`+
		`"status":{"replicas":0,"observedGeneration":2}}`,
		name, number, c.namespace(owner), uid("ReplicaSet", number), number+1, name, number, c.revisions-revision, name, uid("Deployment", owner),
		managedFields, max(0, 3-3*revision), name, number, podTemplate(name, owner, revision))
}

func (c cluster) controllerRevision(number int) string {
	owner, revision := number/c.revisions, number%c.revisions
	name := fmt.Sprintf("app-%d", owner)
	return fmt.Sprintf(`{"apiVersion":"apps/v1","kind":"ControllerRevision","metadata":{"name":"%s-%d","namespace":%q,"uid":%q,"resourceVersion":"%d",`+
		`"ownerReferences":[{"apiVersion":"apps/v1","kind":"StatefulSet","name":%q,"uid":%q,"controller":true,"blockOwnerDeletion":true}]},`+
		`"revision":%d,"data":{"spec":{"template":%s}}}`,
		name, revision, c.namespace(owner), uid("ControllerRevision", number), number+1, name, uid("StatefulSet", owner),
		c.revisions-revision, podTemplate(name, owner, revision))
}

func (c cluster) job(number int) string {
	name := fmt.Sprintf("job-%d", number)
	return fmt.Sprintf(`{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":%q,"namespace":%q,"uid":%q,"resourceVersion":"%d",`+
		`"ownerReferences":[{"apiVersion":"batch/v1","kind":"CronJob","name":"nightly","uid":%q,"controller":true}],"managedFields":%s},`+
		`"spec":{"completions":1,"parallelism":1,"template":%s},"status":{"succeeded":1}}`,
		name, c.namespace(number), uid("Job", number), number+1, uid("CronJob", number/10), managedFields, podTemplate(name, number, 0))
}

// Two containers with probes, hooks, resources and what else people write.
func podTemplate(name string, number, revision int) string {
	return fmt.Sprintf(`{"metadata":{"labels":{"app.kubernetes.io/name":%q,"team":"team-%d"},"annotations":{"prometheus.io/scrape":"true",`+
		`"checksum/config":"%064x"}},"spec":{"serviceAccountName":%q,"terminationGracePeriodSeconds":%d,"dnsPolicy":"ClusterFirst",`+
		`"schedulerName":"default-scheduler","restartPolicy":"Always","securityContext":{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}},`+
		`"containers":[{"name":"app","image":"registry.example.com/shop/%s:1.%d.0","imagePullPolicy":"IfNotPresent","args":["--port=8080"],`+
		`"ports":[{"name":"http","containerPort":8080,"protocol":"TCP"},{"name":"metrics","containerPort":9090,"protocol":"TCP"}],`+
		`"env":[{"name":"DATABASE_URL","valueFrom":{"secretKeyRef":{"name":%q,"key":"url"}}},{"name":"LOG_LEVEL","value":"info"},`+
		`{"name":"FEATURES","value":"checkout,search,recommendations,gift-cards,returns,newsletter,price-alerts"},`+
		`{"name":"JAVA_TOOL_OPTIONS","value":"-XX:MaxRAMPercentage=70 -XX:+ExitOnOutOfMemoryError"}],`+
		`"resources":{"requests":{"cpu":"250m","memory":"256Mi"},"limits":{"memory":"512Mi"}},`+
		`"readinessProbe":{"httpGet":{"path":"/ready","port":"http","scheme":"HTTP"},"periodSeconds":5,"timeoutSeconds":1,"successThreshold":1,"failureThreshold":3},`+
		`"lifecycle":{"preStop":{"exec":{"command":["sh","-c","sleep %d && nginx -s quit"]}}},"terminationMessagePath":"/dev/termination-log",`+
		`"terminationMessagePolicy":"File","volumeMounts":[{"name":"config","mountPath":"/etc/app"}]},`+
		`{"name":"proxy","image":"registry.example.com/mesh/proxy:3.1.4","imagePullPolicy":"IfNotPresent","ports":[{"containerPort":15001,"protocol":"TCP"}],`+
		`"readinessProbe":{"tcpSocket":{"port":15001},"periodSeconds":5},"lifecycle":{"preStop":{"sleep":{"seconds":15}}}}],`+
		`"volumes":[{"name":"config","configMap":{"name":%q,"defaultMode":420}}]}}`,
		name, number%40, number, name, 45+number%30, name, 42-revision, name, 10+number%5, name)
}

// Who owns which field, as kubectl and the controller leave it.
var managedFields = func() string {
	var fields []string
	for _, field := range []string{"args", "env", "image", "imagePullPolicy", "lifecycle", "name", "ports", "readinessProbe", "resources",
		"terminationMessagePath", "terminationMessagePolicy", "volumeMounts"} {
		fields = append(fields, fmt.Sprintf(`"f:%s":{}`, field))
	}
	container := strings.Join(fields, ",")
	return fmt.Sprintf(`[{"manager":"kubectl-client-side-apply","operation":"Update","apiVersion":"apps/v1","time":"2026-11-24T09:00:00Z",`+
		`"fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:annotations":{".":{},"f:kubectl.kubernetes.io/last-applied-configuration":{}},`+
		`"f:labels":{".":{},"f:app.kubernetes.io/name":{}}},"f:spec":{"f:replicas":{},"f:selector":{},"f:template":{"f:metadata":{"f:labels":{}},`+
		`"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{".":{},%s},"k:{\"name\":\"proxy\"}":{".":{},%s}},"f:dnsPolicy":{},"f:restartPolicy":{},`+
		`"f:schedulerName":{},"f:securityContext":{},"f:terminationGracePeriodSeconds":{},"f:volumes":{}}}}}},`+
		`{"manager":"kube-controller-manager","operation":"Update","apiVersion":"apps/v1","time":"2026-11-24T09:01:00Z","fieldsType":"FieldsV1",`+
		`"fieldsV1":{"f:status":{"f:availableReplicas":{},"f:conditions":{},"f:observedGeneration":{},"f:readyReplicas":{},"f:replicas":{},`+
		`"f:updatedReplicas":{}}},"subresource":"status"}]`, container, container)
}()

// An id as Kubernetes makes them: 36 characters, different for each object.
func uid(kind string, number int) string {
	return fmt.Sprintf("%08x-0000-4000-8000-%012x", len(kind)*7919+int(kind[0])*104729, number)
}
