#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image of this assignment.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends python3.11 python3.11-venv
python3.11 -m venv /opt/ottermark
/opt/ottermark/bin/pip install --no-cache-dir --require-hashes -r /autograder/source/requirements.txt
if [ -e /autograder/source/lab-requirements.txt ]; then
    /opt/ottermark/bin/pip freeze > /tmp/locked.txt
    cd /autograder/source
    /opt/ottermark/bin/pip install --no-cache-dir -c /tmp/locked.txt -r lab-requirements.txt
fi
