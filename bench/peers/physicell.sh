#!/bin/sh
# Builds PhysiCell's benchmark programs from a checkout with its own flags: -O3 -march=native, one thread used.
# usage: bench/peers/physicell.sh PREFIX CHECKOUT   (a checkout of MathCancer/PhysiCell; 1.14.2 is what we compare with)
set -eu
prefix=$1
checkout=${2:-}
stamp=$prefix/carina-peer.txt
own=$(cd "$(dirname "$0")/physicell" && pwd)
[ -n "$checkout" ] || { [ -f "$stamp" ] && exit 0; echo "needs --with physicell=DIR, a checkout of PhysiCell" >&2; exit 1; }
if [ -f "$stamp" ] && [ "$(head -n 1 "$stamp")" = "$checkout" ] && [ "$prefix/t1" -nt "$own/t1.cpp" ]; then exit 0; fi
rm -rf "$prefix"
mkdir -p "$prefix/objects"
flags="-march=native -O3 -fomit-frame-pointer -mfpmath=both -fopenmp -m64 -std=c++11 -w"
for source in "$checkout"/BioFVM/*.cpp "$checkout"/core/*.cpp "$checkout"/modules/*.cpp; do
    case $source in *_digital_cell_line.cpp) ;; *) echo "$source" ;; esac  # a leftover that its own makefile does not build
done | xargs -P "$(nproc)" -I{} sh -c "g++ $flags -I'$checkout' -c {} -o '$prefix/objects/'\$(basename {} .cpp).o"
for program in "$own"/*.cpp; do
    # shellcheck disable=SC2086  # the flags are words
    g++ $flags -std=c++17 -I"$checkout" -I"$checkout/custom_modules" "$program" "$prefix"/objects/*.o -o "$prefix/$(basename "$program" .cpp)"
done
{
    echo "$checkout"
    echo "PhysiCell $(head -n 1 "$checkout/VERSION.txt"), -O3 -march=native"
} > "$stamp"
