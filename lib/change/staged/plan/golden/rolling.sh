#!/bin/sh
# The way back of a change of fraiseql-api in production: 2.0.0 back to 1.8.0.
# Only for when Signalbox cannot do it. It puts back what the plan was made from, whoever has written since.
# Contexts of kubectl that it needs: us-east-1. KUBECTL names another program than kubectl.
set -eu
KUBECTL="${KUBECTL:-kubectl}"
FORCE="${FORCE:-0}"

echo '1 of 2: put the pod template of 1.8.0 back on fraiseql-api'
"$KUBECTL" --context 'us-east-1' --namespace 'fraiseql' patch deployments.apps 'fraiseql-api' --type=json --field-manager=signalbox-script \
  --patch '[{"op":"test","path":"/metadata/uid","value":"uid"},{"op":"add","path":"/spec/template","value":{}},{"op":"add","path":"/spec/paused","value":false}]'

echo '2 of 2: wait until fraiseql-api has rolled back'
{ "$KUBECTL" --context 'us-east-1' --namespace 'fraiseql' rollout status 'deployment/fraiseql-api' --timeout=120s; } ||
  [ "$FORCE" = 1 ] || { echo 'Not all pods are ready. FORCE=1 goes on anyway.' >&2; exit 1; }
