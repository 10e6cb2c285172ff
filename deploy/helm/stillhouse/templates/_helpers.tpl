{{- define "stillhouse.name" -}}
{{ default .Release.Name .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* Labels that select the pods of a part: (dict "root" . "part" "api"). */}}
{{- define "stillhouse.selector" -}}
app.kubernetes.io/name: stillhouse
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "stillhouse.labels" -}}
{{ include "stillhouse.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* An image: (dict "root" . "name" .Values.image.service). */}}
{{- define "stillhouse.image" -}}
image: "{{ .name }}:{{ default .root.Chart.AppVersion .root.Values.image.tag }}"
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
{{- end }}

{{/* What holds for every pod: nobody is root, and nobody asks Kubernetes anything. */}}
{{- define "stillhouse.pod" -}}
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "stillhouse.container" -}}
allowPrivilegeEscalation: false
capabilities: {drop: [ALL]}
{{- end }}

{{/* The settings of API, reconciler and migrations: those of the compose file. */}}
{{- define "stillhouse.settings" -}}
- name: STILLHOUSE_DATABASE_URL
  valueFrom:
    secretKeyRef: {name: {{ .Values.database.existingSecret }}, key: {{ .Values.database.key }}}
- {name: STILLHOUSE_STORAGE, value: {{ default "/var/lib/stillhouse/storage" .Values.storage.uri | quote }}}
{{- include "stillhouse.objects" . }}
- {name: STILLHOUSE_DATA, value: /var/lib/stillhouse/data}
- {name: STILLHOUSE_MLFLOW_URL, value: "http://{{ include "stillhouse.name" . }}-mlflow:5000"}
- name: STILLHOUSE_MLFLOW_TOKEN
  {{- include "stillhouse.token" (dict "root" . "key" "mlflow") | nindent 2 }}
- name: STILLHOUSE_RAY_TOKEN
  {{- include "stillhouse.token" (dict "root" . "key" "ray") | nindent 2 }}
- {name: STILLHOUSE_RAY_URL, value: "http://{{ include "stillhouse.name" . }}-ray-head-svc:8265"}
- {name: STILLHOUSE_HOST, value: "0.0.0.0"}
- {name: STILLHOUSE_PORT, value: "8470"}
{{- range $name, $value := .Values.settings }}
- {name: STILLHOUSE_{{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- range $name, $value := .Values.environment }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}

{{/* What opens an object storage, for the service and for what trains. */}}
{{- define "stillhouse.objects" -}}
{{- if .Values.storage.uri }}
- {name: AWS_DEFAULT_REGION, value: {{ .Values.storage.s3Region | quote }}}
{{- with .Values.storage.s3Endpoint }}
- {name: AWS_ENDPOINT_URL, value: {{ . | quote }}}
{{- end }}
{{- with .Values.storage.existingSecret }}
{{- $secret := . }}
{{- range list "AWS_ACCESS_KEY_ID" "AWS_SECRET_ACCESS_KEY" }}
- name: {{ . }}
  valueFrom:
    secretKeyRef: {name: {{ $secret }}, key: {{ . }}}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* A token of the secret: (dict "root" . "key" "ray"). */}}
{{- define "stillhouse.token" -}}
valueFrom:
  secretKeyRef: {name: {{ .root.Values.tokens.existingSecret }}, key: {{ .key }}}
{{- end }}

{{/* Ray's token mode, said in so many words: a new version of Ray or of its operator might think otherwise. */}}
{{- define "stillhouse.rayToken" -}}
- {name: RAY_AUTH_MODE, value: token}
- name: RAY_AUTH_TOKEN
  {{- include "stillhouse.token" (dict "root" . "key" "ray") | nindent 2 }}
{{- end }}

{{- define "stillhouse.state" -}}
persistentVolumeClaim: {claimName: {{ default (printf "%s-state" (include "stillhouse.name" .)) .Values.state.existingClaim }}}
{{- end }}
