#!/bin/sh
# Builds CVODE as a user who wants speed would: static, -O3 -march=native, no MPI, no logging. The binary package of
# Debian 12 is built without optimisation, so timing it would flatter everybody else.
# usage: bench/peers/sundials.sh PREFIX [CHECKOUT]   (without a checkout, Debian's source package is fetched)
set -eu
prefix=$1
checkout=${2:-}
work=$prefix.work
stamp=$prefix/carina-peer.txt
wanted=${checkout:-debian}
if [ -f "$stamp" ] && [ "$(head -n 1 "$stamp")" = "$wanted" ]; then exit 0; fi
rm -rf "$work" "$prefix"
mkdir -p "$work" "$prefix"

if [ -z "$checkout" ]; then
    # A private list of sources: the machine's own apt configuration stays as it is.
    lists=$work/apt
    mkdir -p "$lists/lists/partial" "$lists/cache/archives/partial"
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main" \
        > "$lists/sources.list"
    apt="-o Dir::Etc::sourcelist=$lists/sources.list -o Dir::Etc::sourceparts=- -o Dir::State::lists=$lists/lists \
-o Dir::Cache=$lists/cache -o APT::Sandbox::User=$(id -un)"
    cd "$work"
    # shellcheck disable=SC2086  # the options are words
    apt-get $apt -qq update
    # shellcheck disable=SC2086
    apt-get $apt -qq source --download-only sundials
    mkdir source
    tar xf sundials_*.orig.tar.* -C source --strip-components=1 --wildcards '*/CMakeLists.txt' '*/cmake' '*/src' \
        '*/include' '*/LICENSE' '*/NOTICE'
    checkout=$work/source
fi

cmake -S "$checkout" -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS=-march=native \
    -DCMAKE_C_FLAGS_RELEASE="-O3 -DNDEBUG" -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib \
    -DBUILD_SHARED_LIBS=OFF -DBUILD_STATIC_LIBS=ON -DENABLE_MPI=OFF -DSUNDIALS_LOGGING_LEVEL=0 \
    -DSUNDIALS_ENABLE_ERROR_CHECKS=OFF -DSUNDIALS_PRECISION=double -DBUILD_TESTING=OFF -DENABLE_LAPACK=OFF \
    -DEXAMPLES_ENABLE_C=OFF -DEXAMPLES_ENABLE_CXX=OFF -DEXAMPLES_INSTALL=OFF -DSUNDIALS_ENABLE_C_EXAMPLES=OFF \
    -DSUNDIALS_ENABLE_CXX_EXAMPLES=OFF \
    -DBUILD_ARKODE=OFF -DBUILD_CVODES=OFF -DBUILD_IDA=OFF -DBUILD_IDAS=OFF -DBUILD_KINSOL=OFF > "$work/configure.log" 2>&1 \
    || { tail -n 20 "$work/configure.log" >&2; exit 1; }
cmake --build "$work/build" -j "$(nproc)" > "$work/build.log" 2>&1 || { tail -n 20 "$work/build.log" >&2; exit 1; }
cmake --install "$work/build" > "$work/install.log" 2>&1
{
    echo "$wanted"
    grep -h '^ *#define SUNDIALS_VERSION ' "$prefix/include/sundials/sundials_config.h"
} > "$stamp"
