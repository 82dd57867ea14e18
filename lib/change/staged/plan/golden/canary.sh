#!/bin/sh
# The way back of a change of api in production: 2.0.0 back to 1.0.0.
# Only for when Signalbox cannot do it. It puts back what the plan was made from, whoever has written since.
# Contexts of kubectl that it needs: us-east-1, eu-west-1. KUBECTL names another program than kubectl.
set -eu
KUBECTL="${KUBECTL:-kubectl}"
FORCE="${FORCE:-0}"

echo '1 of 8: eu-west-1: 3 pods of 1.0.0 ready on blue'
{ "$KUBECTL" --context 'eu-west-1' --namespace 'shop' rollout status 'deployment/api' --timeout=120s &&
  [ "0$("$KUBECTL" --context 'eu-west-1' --namespace 'shop' get deployments.apps 'api' --output=jsonpath='{.status.readyReplicas}')" -ge 3 ]; } ||
  [ "$FORCE" = 1 ] || { echo 'Not all pods are ready. FORCE=1 goes on anyway.' >&2; exit 1; }

echo '2 of 8: eu-west-1: send all requests to 1.0.0 on blue again'
"$KUBECTL" --context 'eu-west-1' --namespace 'shop' patch virtualservices.networking.istio.io 'api' --type=json --field-manager=signalbox-script \
  --patch '[{"op":"test","path":"/metadata/uid","value":"eu-west-1-router"},{"op":"add","path":"/spec/http","value":[{"match":[{"headers":{"x-canary":{"exact":"true"}}}],"name":"canary-header","route":[{"destination":{"host":"api-blue","port":{"number":80}},"weight":100}]},{"name":"primary","route":[{"destination":{"host":"api-blue","port":{"number":80}},"weight":100},{"destination":{"host":"api-green","port":{"number":80}},"weight":0}]}]}]'

echo '3 of 8: us-east-1: 3 pods of 1.0.0 ready on blue'
{ "$KUBECTL" --context 'us-east-1' --namespace 'shop' rollout status 'deployment/api' --timeout=120s &&
  [ "0$("$KUBECTL" --context 'us-east-1' --namespace 'shop' get deployments.apps 'api' --output=jsonpath='{.status.readyReplicas}')" -ge 3 ]; } ||
  [ "$FORCE" = 1 ] || { echo 'Not all pods are ready. FORCE=1 goes on anyway.' >&2; exit 1; }

echo '4 of 8: us-east-1: send all requests to 1.0.0 on blue again'
"$KUBECTL" --context 'us-east-1' --namespace 'shop' patch virtualservices.networking.istio.io 'api' --type=json --field-manager=signalbox-script \
  --patch '[{"op":"test","path":"/metadata/uid","value":"us-east-1-router"},{"op":"add","path":"/spec/http","value":[{"match":[{"headers":{"x-canary":{"exact":"true"}}}],"name":"canary-header","route":[{"destination":{"host":"api-blue","port":{"number":80}},"weight":100}]},{"name":"primary","route":[{"destination":{"host":"api-blue","port":{"number":80}},"weight":100},{"destination":{"host":"api-green","port":{"number":80}},"weight":0}]}]}]'

echo '5 of 8: eu-west-1: time for open connections to green to end'
sleep 30

echo '6 of 8: eu-west-1: put green back as it was, with 0 pods'
"$KUBECTL" --context 'eu-west-1' --namespace 'shop' patch deployments.apps 'api-green' --type=json --field-manager=signalbox-script \
  --patch '[{"op":"test","path":"/metadata/uid","value":"eu-west-1-api-green"},{"op":"add","path":"/spec/template","value":{"metadata":{"labels":{"app":"api","color":"green"}},"spec":{"containers":[{"env":[{"name":"GREETING","value":"it'\''s $HOME `id`\n\\"}],"image":"registry.example.com/shop/api:0.9.0","livenessProbe":{"httpGet":{"path":"/health","port":80}},"name":"api","readinessProbe":{"httpGet":{"path":"/ready","port":80}}}]}}},{"op":"add","path":"/spec/replicas","value":0},{"op":"add","path":"/spec/paused","value":false}]'

echo '7 of 8: us-east-1: time for open connections to green to end'
sleep 30

echo '8 of 8: us-east-1: put green back as it was, with 0 pods'
"$KUBECTL" --context 'us-east-1' --namespace 'shop' patch deployments.apps 'api-green' --type=json --field-manager=signalbox-script \
  --patch '[{"op":"test","path":"/metadata/uid","value":"us-east-1-api-green"},{"op":"add","path":"/spec/template","value":{"metadata":{"labels":{"app":"api","color":"green"}},"spec":{"containers":[{"env":[{"name":"GREETING","value":"it'\''s $HOME `id`\n\\"}],"image":"registry.example.com/shop/api:0.9.0","livenessProbe":{"httpGet":{"path":"/health","port":80}},"name":"api","readinessProbe":{"httpGet":{"path":"/ready","port":80}}}]}}},{"op":"add","path":"/spec/replicas","value":0},{"op":"add","path":"/spec/paused","value":false}]'
