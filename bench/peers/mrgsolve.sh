#!/bin/sh
# Installs mrgsolve into an R library of its own, from a checkout or, without one, from CRAN. R and the packages that
# mrgsolve imports come from Debian: r-base-dev r-cran-rcpp r-cran-rcpparmadillo r-cran-bh r-cran-dplyr r-cran-tibble.
# usage: bench/peers/mrgsolve.sh PREFIX [CHECKOUT]
set -eu
prefix=$1
checkout=${2:-}
wanted=${checkout:-CRAN}
if [ -f "$prefix/carina-peer.txt" ] && [ "$(head -n 1 "$prefix/carina-peer.txt")" = "$wanted" ]; then exit 0; fi
command -v Rscript > /dev/null || { echo "mrgsolve needs R (apt-get install r-base-dev and the r-cran packages named in $0)" >&2; exit 1; }
rm -rf "$prefix" "$prefix.work"
mkdir -p "$prefix/library" "$prefix.work"
if [ -n "$checkout" ]; then
    cp -r "$checkout" "$prefix.work/mrgsolve"
    # Debian 12 has BH 1.74; the headers that mrgsolve includes are in it.
    sed -i 's/BH (>= 1\.75[^)]*)/BH (>= 1.74)/' "$prefix.work/mrgsolve/DESCRIPTION"
    MAKEFLAGS=-j$(nproc) R CMD INSTALL --no-docs --no-test-load --library="$prefix/library" "$prefix.work/mrgsolve" \
        > "$prefix.work/install.log" 2>&1 || { tail -n 20 "$prefix.work/install.log" >&2; exit 1; }
else
    Rscript --vanilla -e "install.packages('mrgsolve', lib = '$prefix/library', repos = 'https://cloud.r-project.org')" \
        > "$prefix.work/install.log" 2>&1 || { tail -n 20 "$prefix.work/install.log" >&2; exit 1; }
fi
[ -d "$prefix/library/mrgsolve" ] || { tail -n 20 "$prefix.work/install.log" >&2; exit 1; }
echo "$wanted" > "$prefix/carina-peer.txt"
