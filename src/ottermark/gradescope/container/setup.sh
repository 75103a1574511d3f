#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image of this assignment: Python, the locked
# packages, and at the end a self-test, so that an image that cannot grade is not built.
set -uo pipefail
umask 022
export DEBIAN_FRONTEND=noninteractive
here=$(cd "$(dirname "$0")" && pwd)
home=/opt/ottermark

stop() {
    if [ "$(df --output=avail -k / /tmp | sort -n | sed -n 2p)" -lt 20480 ]; then
        set -- "the disk is full; choose a larger container, or ask Gradescope for room."
    fi
    echo "Error: the image cannot be built: $1" >&2
    exit 1
}

apt-get update || stop "the list of packages cannot be fetched (see above); build again later."
versions="3.11 3.12 3.13"
grep -q "^tensorflow" "$here/requirements.txt" || versions="$versions 3.14"  # which it has no wheel for
for version in $versions; do
    apt-cache show "python$version-venv" > /dev/null 2>&1 && break
done
apt-get install -y --no-install-recommends "python$version" "python$version-venv" ||
    stop "Python $version cannot be installed (see above); choose Ubuntu 22.04 or Debian 12."
"python$version" -m venv "$home" &&
    "$home/bin/pip" install -q --no-cache-dir --require-hashes -r "$here/installer.txt" ||
    stop "uv cannot be installed (see above); build again later."
"$home/bin/uv" pip install --python "$home/bin/python" --no-cache --compile-bytecode \
    --require-hashes -r "$here/requirements.txt" ||
    stop "requirements.txt is broken, or a package cannot be fetched (see above); run \`ottermark build\` and upload autograder.zip again."
if [ -e "$here/lab-requirements.txt" ]; then
    "$home/bin/uv" pip freeze --python "$home/bin/python" > /tmp/locked.txt
    (cd "$here" && "$home/bin/uv" pip install --python "$home/bin/python" --no-cache \
        --compile-bytecode -c /tmp/locked.txt -r lab-requirements.txt) ||
        stop "the lab's own requirements cannot be installed (see above); fix \`requirements\` in the master notebook."
fi
chmod -R go-rwx "$here"
PYTHONPATH=$here "$home/bin/python" -m ottermark.gradescope.self_test "$here" || stop "the self-test failed (see above)."
