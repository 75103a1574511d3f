#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image of this assignment.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends python3.11 python3.11-venv
python3.11 -m venv /opt/ottermark
/opt/ottermark/bin/pip install --no-cache-dir --require-hashes -r /autograder/source/requirements.txt
