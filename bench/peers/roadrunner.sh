#!/bin/sh
# Installs libRoadRunner and Antimony from PyPI into a Python environment of their own.
# usage: bench/peers/roadrunner.sh PREFIX
set -eu
prefix=$1
if [ -f "$prefix/carina-peer.txt" ]; then exit 0; fi
rm -rf "$prefix"
python=/usr/bin/python3
[ -x "$python" ] || python=python3
"$python" -m venv "$prefix"
"$prefix/bin/pip" install --quiet --disable-pip-version-check libroadrunner antimony numpy
"$prefix/bin/pip" list --disable-pip-version-check 2> /dev/null | grep -i -E 'roadrunner|antimony|numpy' > "$prefix/carina-peer.txt"
