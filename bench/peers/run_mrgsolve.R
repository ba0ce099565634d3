# mrgsolve on work loads A and B, called by the benchmark program.
# usage: run_mrgsolve.R PREFIX --version
#        run_mrgsolve.R PREFIX BENCH PATIENTS COUNT ANSWERS
# PATIENTS holds COUNT rows of doubles (parameters, and initial values that the model computes itself), ANSWERS receives
# 366 daily rows a patient. The last line printed is JSON with the processor time of the simulation alone.
arguments <- commandArgs(trailingOnly = TRUE)
.libPaths(c(file.path(arguments[1], "library"), .libPaths()))
suppressPackageStartupMessages(library(mrgsolve))
if (arguments[2] == "--version") {
  cat(as.character(packageVersion("mrgsolve")), ", ", R.version.string, "\n", sep = "")
  quit()
}
name <- arguments[2]
count <- as.integer(arguments[4])
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
bench <- dirname(dirname(normalizePath(script)))
table <- function(macro) {
  lines <- grep(paste0("^", macro, "[(]"), readLines(file.path(bench, "scenes", "workload_b.def")), value = TRUE)
  fields <- strsplit(sub(paste0("^", macro, "[(]([^)]*)[)].*$"), "\\1", lines), ", *")
  setNames(as.numeric(vapply(fields, `[`, "", 2)), vapply(fields, `[`, "", 1))
}

if (name == "ensemble_a") {
  code <- readLines(file.path(bench, "ensemble_a", "stein_2019.mrgsolve"))
  columns <- c("rho", "tmax", "alpha", "beta", "fb", "toci", "r0")
} else {
  states <- table("STATE")
  typical <- table("PARAMETER")
  code <- c("$PARAM", paste(names(typical), "=", typical), "$CMT", names(states),
            readLines(file.path(bench, "ensemble_b", "workload_b.mrgsolve")))
  columns <- c(names(typical), names(states))
}
code <- grep("^//", code, invert = TRUE, value = TRUE)
model <- mcode(name, code, quiet = TRUE, project = tempdir())
model <- update(model, rtol = 1e-6, atol = 1e-6, end = 365, delta = 1, maxsteps = 1000000)

numbers <- matrix(readBin(arguments[3], "double", count * length(columns)), nrow = count, byrow = TRUE)
colnames(numbers) <- columns
patients <- as.data.frame(numbers)
patients$ID <- seq_len(count)
if (name == "ensemble_a") {
  wanted <- "level"
  simulate <- function() mrgsim_i(model, patients, output = "df", recsort = 3)
} else {
  model <- custom_atol(model, states)
  patients <- patients[, c("ID", names(typical))]
  wanted <- names(states)
  hour <- 1 / 24
  infusion <- function(...) ev(amt = 560, rate = 560 / hour, cmt = "A1", ...)
  doses <- if (name == "ensemble_b") c(infusion(time = 6), infusion(time = 6.5)) else infusion(time = 6, ii = 7, addl = 51)
  simulate <- function() mrgsim_ei(model, doses, patients, output = "df", obsonly = TRUE)
}
before <- proc.time()
result <- simulate()
spent <- sum((proc.time() - before)[c("user.self", "sys.self")])
result <- result[result$time == round(result$time), ]
complete <- nrow(result) == 366 * count
if (complete) writeBin(as.vector(t(as.matrix(result[, wanted, drop = FALSE]))), arguments[5])
cat('{"cpu_seconds": ', spent, ', "failures": ', if (complete) 0 else count, "}\n", sep = "")
