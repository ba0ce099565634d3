# What R's package survival says of the data sets below, as JSON. survival_oracle.cpp compares carina's estimators with it.
#
#   Rscript survival_oracle.R made     > tests/cases/survival/made.json   kept in the repository, read by the fast test
#   Rscript survival_oracle.R packaged > FILE                             larger sets and those that R brings; never kept
#
# All sets but Freireich's are made here: by hand, or drawn with a fixed seed and rounded so that times tie.

suppressMessages(library(survival))
set.seed(19580601)

# ---- JSON --------------------------------------------------------------------------------------------------------------
# Estimates have 13 digits, which is enough for a comparison to 1e-9; data as many as they need.
brief <- function(x) sprintf("%.13g", x)
exact <- function(x) {
  short <- sprintf("%.15g", x)
  ifelse(as.numeric(short) == x, short, sprintf("%.17g", x))
}
json <- function(x, digits = brief) {
  if (is.null(x)) return("null")
  if (is.list(x)) {
    parts <- vapply(x, json, "", digits = digits)
    if (is.null(names(x))) return(paste0("[", paste(parts, collapse = ",\n"), "]"))
    return(paste0("{", paste0("\"", names(x), "\": ", parts, collapse = ",\n"), "}"))
  }
  texts <- if (is.character(x)) paste0("\"", x, "\"")
           else ifelse(is.na(x), "null", ifelse(is.infinite(x), ifelse(x > 0, "\"inf\"", "\"-inf\""), digits(x)))
  if (is.null(attr(x, "row"))) texts else paste0("[", paste(texts, collapse = ","), "]")
}
row <- function(x) structure(as.numeric(as.vector(x)), row = TRUE)

# ---- data sets ---------------------------------------------------------------------------------------------------------
# cause: 0 censored, 1 and on the causes; an event is any of them. causes: how many, where incidence is asked for. cox: models.
one <- function(name, about, time, cause, causes = 0, entry = NULL, individuals = NULL, group = NULL, stratum = NULL,
                covariates = NULL, cox = NULL)
  list(name = name, about = about, time = time, cause = cause, causes = causes, entry = entry,
       individuals = individuals, group = group, stratum = stratum, covariates = covariates, cox = cox)
# columns of the covariates, and whether strata are used
model <- function(columns, strata = FALSE) list(columns = columns, strata = strata)
# an entry before each time
late <- function(time) round(pmin(runif(length(time), 0, 0.7) * time, time - 0.1), 1)

made <- function() {
  sets <- list()
  put <- function(...) sets[[length(sets) + 1]] <<- one(...)

  put("freireich", "weeks of remission, 6-mercaptopurine (group 0) and placebo: Freireich et al., Blood 1963;21:699",
      time = c(6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35,
               1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23),
      cause = c(1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, rep(1, 21)),
      group = rep(0:1, each = 21), covariates = list(placebo = rep(0:1, each = 21)), cox = list(model(1)))
  put("one event", "a single individual with an event", 3.5, 1)
  put("one censored", "a single individual, censored", 3.5, 0)
  put("all censored", "nobody has an event", c(2, 3, 3, 5, 8), rep(0, 5))
  put("one event among twelve", "the event comes in the middle", 1:12, as.numeric(1:12 == 6), group = rep(0:1, 6),
      covariates = list(x = c(3, 1, 4, 1, 5, 2, 2, 6, 5, 3, 5, 8)), cox = list(model(1)))
  put("all at once", "all events at one time, one censored with them",
      time = rep(4, 7), cause = c(1, 1, 1, 1, 1, 1, 0), group = c(0, 0, 0, 1, 1, 1, 1))
  put("nobody left", "ten events without a tie: survival ends at 0 and is a half over a stretch",
      time = 1:10, cause = rep(1, 10), group = rep(0:1, 5))
  put("half until the end", "survival is exactly a half from the second event to the end", 1:4, c(1, 1, 0, 0))
  put("half on censored times", "survival is a half over times of censoring and falls then",
      time = c(1, 2, 3, 4, 5, 5, 9, 9), cause = c(1, 1, 1, 1, 0, 0, 1, 0))
  put("last is an event", "the last individual has the event after others were censored",
      time = c(5, 7, 7, 9, 12, 20), cause = c(0, 1, 0, 1, 0, 1))
  put("time zero", "events and censoring at time 0",
      time = c(0, 0, 0, 1, 2, 2, 6), cause = c(1, 0, 1, 1, 0, 1, 0), group = c(0, 1, 1, 0, 1, 0, 1))

  n <- 60
  put("heavy ties", "six times for sixty individuals, two causes, three groups, strata",
      time = sample(1:6, n, TRUE), cause = sample(0:2, n, TRUE, c(3, 4, 3)), causes = 2,
      group = sample(0:2, n, TRUE), stratum = sample(0:2, n, TRUE),
      covariates = list(x = round(rnorm(n), 2), y = sample(0:1, n, TRUE)), cox = list(model(1:2), model(1:2, TRUE)))
  n <- 50
  x <- round(rnorm(n, 60, 9), 1)
  y <- rbinom(n, 1, 0.4)
  t <- round(0.001 + rexp(n, 0.05 * exp(0.04 * (x - 60) + 0.7 * y)), 3)
  put("three covariates", "times without ties; covariates of unlike scale, the third about 250",
      time = pmin(t, 30), cause = as.numeric(t < 30), group = y,
      covariates = list(x = x, y = y, z = round(rlnorm(n, 5.5, 0.6))), cox = list(model(1:3), model(c(1, 3))))
  n <- 24
  put("individuals", "rows that stand for several individuals",
      time = sample(1:15, n, TRUE), cause = sample(0:2, n, TRUE, c(3, 5, 2)), causes = 2,
      individuals = sample(1:4, n, TRUE), group = rep(0:1, 12), stratum = rep(0:2, each = 8),
      covariates = list(x = sample(0:5, n, TRUE), y = rep(0:1, 12)), cox = list(model(1:2), model(2, TRUE)))

  n <- 40
  t <- round(round(rexp(n, 0.1), 2) + 1 + (1:n) / 1000, 3)
  put("delayed entry", "left truncation without ties",
      time = t, cause = rbinom(n, 1, 0.7), entry = late(t), group = rep(0:1, 20),
      covariates = list(x = rep(0:1, 20), y = round(rnorm(n), 2)), cox = list(model(1:2)))
  t <- sample(2:12, n, TRUE)
  put("delayed entry with ties", "entries at times of events too",
      time = t, cause = sample(0:2, n, TRUE), causes = 2, entry = pmax(t - sample(1:6, n, TRUE), 0),
      stratum = rep(0:1, each = 20),
      covariates = list(x = round(runif(n), 2), y = rbinom(n, 1, 0.5)), cox = list(model(1:2), model(1:2, TRUE)))
  t <- c(2, 3, 3, 8, 9, 11, 12)
  put("nobody at risk between", "those who started are gone before others enter; survival is 0 then",
      time = t, cause = c(1, 1, 1, 0, 1, 1, 0), entry = c(0, 0, 1, 5, 5, 6, 6))
  put("a gap without events", "nobody at risk for a while, none lost by events before",
      time = t, cause = c(1, 0, 0, 0, 1, 1, 0), entry = c(0, 0, 1, 5, 5, 6, 6),
      covariates = list(x = c(1, 2, 3, 1, 4, 1, 5)), cox = list(model(1)))
  put("changing covariate", "counting process: y turns 1 during follow-up for some, who then have two rows",
      time = c(4, 9, 6, 10, 3, 12, 7, 8, 5, 11, 2, 6, 13, 9), cause = c(0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1),
      entry = c(0, 4, 0, 6, 0, 3, 0, 0, 0, 5, 0, 0, 6, 0),
      covariates = list(y = c(0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0)), cox = list(model(1)))

  n <- 50
  put("competing", "two causes with ties",
      time = round(rexp(n, 0.1)) + 1, cause = sample(0:2, n, TRUE, c(2, 4, 2)), causes = 2, group = rep(0:1, 25),
      covariates = list(x = rep(0:1, 25)), cox = list(model(1)))
  t <- round(rexp(n, 0.1)) + 2
  put("competing, delayed entry", "three causes, left truncation",
      time = t, cause = sample(0:3, n, TRUE), causes = 3, entry = late(t))
  put("competing to the last", "two causes, nobody censored: shares sum to 1",
      time = c(1, 2, 2, 3, 5, 8, 8, 9, 10, 10), cause = c(1, 2, 1, 1, 2, 2, 1, 1, 2, 1), causes = 2)
  put("a cause that never came", "cause 2 of 3 has no event", 1:7, c(1, 0, 3, 1, 0, 3, 0), causes = 3)

  n <- 48
  put("strata", "three groups in four strata, one stratum with a single group",
      time = sample(1:20, n, TRUE), cause = rbinom(n, 1, 0.6), group = c(rep(0, 12), sample(0:2, 36, TRUE)),
      stratum = rep(0:3, each = 12), covariates = list(x = round(rnorm(n, 0, 3), 1)), cox = list(model(1, TRUE)))
  n <- 20
  put("a group without events", "the likelihood is monotone in x, not in y",
      time = c(sample(1:9, 10, TRUE), sample(5:12, 10, TRUE)), cause = c(rep(1, 7), rep(0, 13)),
      group = rep(0:1, each = 10),
      covariates = list(x = rep(0:1, each = 10), y = round(rnorm(n), 2)), cox = list(model(1), model(1:2)))
  put("one covariate twice", "the third covariate is the sum of the others", sample(1:9, n, TRUE), rep(1, n),
      covariates = list(x = (1:n) %% 5, y = (1:n) %% 3, sum = (1:n) %% 5 + (1:n) %% 3),
      cox = list(model(1:3), model(1:2)))
  x <- c(seq(4, 2, length.out = 10), 1.5, seq(0, 1, length.out = 9))
  put("a strong effect", "a large coefficient, short of monotone", c(1:10, 5:14), c(rep(1, 11), rep(0, 9)),
      group = rep(0:1, each = 10), covariates = list(x = round(x, 2)), cox = list(model(1)))
  sets
}

packaged <- function() {
  sets <- list()
  put <- function(name, ...) sets[[length(sets) + 1]] <<- one(name, "", ...)
  whole <- function(data, columns) data[complete.cases(data[columns]), ]
  both <- function(columns) list(model(columns), model(columns, TRUE))

  d <- whole(lung, c("age", "ph.ecog", "wt.loss", "inst"))
  put("lung", d$time, d$status - 1, group = d$sex - 1, stratum = d$inst,
      covariates = list(age = d$age, sex = d$sex, ecog = d$ph.ecog, loss = d$wt.loss), cox = both(1:4))
  d <- veteran
  put("veteran", d$time, d$status, group = d$trt - 1, stratum = as.numeric(d$celltype),
      covariates = list(trt = d$trt, karno = d$karno, age = d$age, prior = d$prior), cox = both(1:4))
  put("aml", aml$time, aml$status, group = as.numeric(aml$x) - 1,
      covariates = list(x = as.numeric(aml$x)), cox = list(model(1)))
  d <- heart
  put("heart", d$stop, d$event, entry = d$start, stratum = d$surgery,
      covariates = list(age = d$age, year = d$year, transplant = as.numeric(d$transplant)), cox = both(1:3))
  d <- ovarian
  put("ovarian", d$futime, d$fustat, group = d$rx - 1,
      covariates = list(age = d$age, rx = d$rx, ecog = d$ecog.ps), cox = list(model(1:3)))
  d <- whole(mgus2, c("hgb", "creat", "mspike"))
  d$time <- ifelse(d$pstat == 1, d$ptime, d$futime)
  d$cause <- ifelse(d$pstat == 1, 1, ifelse(d$death == 1, 2, 0))
  put("mgus2", d$time, d$cause, causes = 2, group = as.numeric(d$sex) - 1,
      covariates = list(age = d$age, hgb = d$hgb, creat = d$creat, mspike = d$mspike), cox = list(model(1:4)))
  put("mgus2 by age", 12 * d$age + d$time + 0.5, d$cause, causes = 2, entry = 12 * d$age,
      covariates = list(hgb = d$hgb, sex = as.numeric(d$sex)), cox = list(model(1:2)))
  d <- subset(colon, etype == 2 & !is.na(nodes))
  put("colon", d$time, d$status, group = as.numeric(d$rx) - 1, stratum = d$surg,
      covariates = list(lev = as.numeric(d$rx == "Lev"), fu = as.numeric(d$rx == "Lev+5FU"), nodes = d$nodes),
      cox = both(1:3))

  n <- 5000
  x <- round(rnorm(n), 3)
  y <- rbinom(n, 1, 0.3)
  t <- round(0.01 + rexp(n, exp(0.5 * x - 0.3 * y)), 2)
  put("five thousand", pmin(t, 4), ifelse(t < 4, sample(0:3, n, TRUE), 0), causes = 3, group = y,
      stratum = sample(0:9, n, TRUE), covariates = list(x = x, y = y), cox = both(1:2))
  put("five thousand late", t, sample(0:1, n, TRUE), entry = round(pmin(runif(n, 0, 0.9) * t, t - 0.01), 2),
      covariates = list(x = x, y = y), cox = list(model(1:2)))
  sets
}

# ---- estimates ---------------------------------------------------------------------------------------------------------
scales <- c(plain = "plain", log = "log", log_log = "log-log")
probabilities <- c(0.1, 0.25, 0.5, 0.75, 0.9)
response <- function(s, event) if (is.null(s$entry)) Surv(s$time, event) else Surv(s$entry, s$time, event)

kaplan_meier <- function(s) {
  w <- if (is.null(s$individuals)) rep(1, length(s$time)) else s$individuals
  y <- response(s, s$cause > 0)
  fits <- lapply(scales, function(type) survfit(y ~ 1, weights = w, conf.type = type, conf.int = s$level))
  f <- fits$plain
  first <- min(f$time)
  last <- max(f$time)
  some <- c(first / 2, f$time[ceiling(length(f$time) / 2)], round((first + last) / 2 + 0.05, 1), last, last + 1)
  times <- unique(sort(some))
  per_scale <- lapply(fits, function(fit) {
    q <- quantile(fit, probabilities)
    at <- summary(fit, times = times, extend = TRUE)
    list(low = row(fit$lower), high = row(fit$upper), quantile_low = row(q$lower), quantile_high = row(q$upper),
         landmark_low = row(at$lower), landmark_high = row(at$upper))
  })
  at <- summary(f, times = times, extend = TRUE)
  # between steps R's number at risk counts those who have not entered yet
  at_risk <- ifelse(is.null(s$entry) | times %in% f$time, at$n.risk, NA)
  restricted <- function(until) {
    mean <- as.vector(survival:::survmean(f, rmean = until)$matrix[5:6])
    list(until = until, mean = mean[1], se = mean[2])
  }
  backwards <- survfit(response(s, s$cause == 0) ~ 1, weights = w, conf.type = "log-log", conf.int = s$level)
  followed <- quantile(backwards, 0.5)
  list(time = row(f$time), at_risk = row(f$n.risk), events = row(f$n.event), censored = row(f$n.censor),
       survival = row(f$surv), se = row(ifelse(f$surv > 0, f$surv * f$std.err, NA)),
       probabilities = row(probabilities), quantile = row(quantile(f, probabilities)$quantile),
       landmark = list(time = row(times), at_risk = row(at_risk), events = row(cumsum(at$n.event)),
                       survival = row(at$surv), se = row(ifelse(at$surv > 0, at$std.err, NA))),
       restricted = list(restricted(round(first + 0.8 * (last - first), 2)), restricted(last + 2)),
       follow_up = lapply(followed, as.vector), scales = per_scale)
}

# What a row that stands for several individuals means, written out: survival's own case weights mean something else in
# the jackknife and in Efron's likelihood.
written_out <- function(s) {
  if (is.null(s$individuals)) return(s)
  index <- rep(seq_along(s$time), s$individuals)
  for (field in c("time", "cause", "entry", "group", "stratum"))
    if (!is.null(s[[field]])) s[[field]] <- s[[field]][index]
  s$covariates <- lapply(s$covariates, function(x) x[index])
  s
}

incidence <- function(s) {
  if (s$causes == 0) return(NULL)
  s <- written_out(s)
  names <- paste0("c", seq_len(s$causes))
  y <- response(s, factor(s$cause, 0:s$causes, c("censored", names)))
  id <- seq_along(s$time)
  fits <- lapply(scales, function(type) survfit(y ~ 1, id = id, conf.type = type, conf.int = s$level))
  f <- fits$plain
  column <- function(values, name) row(values[, match(name, f$states)])
  list(time = row(f$time), survival = column(f$pstate, "(s0)"), se = column(f$std.err, "(s0)"),
       causes = lapply(names, function(name) {
         ends <- lapply(fits, function(fit) list(low = column(fit$lower, name), high = column(fit$upper, name)))
         list(incidence = column(f$pstate, name), se = column(f$std.err, name), scales = ends)
       }))
}

log_rank <- function(s) {
  if (is.null(s$group)) return(NULL)
  s <- written_out(s)
  event <- s$cause > 0
  if (!is.null(s$entry)) {  # survdiff knows no delayed entry; without ties Cox's score test is the same
    if (anyDuplicated(s$time[event])) return(NULL)
    return(list(chi_square = coxph(response(s, event) ~ factor(s$group))$score, df = length(unique(s$group)) - 1))
  }
  y <- Surv(s$time, event)
  fit <- if (is.null(s$stratum)) survdiff(y ~ s$group) else survdiff(y ~ s$group + strata(s$stratum))
  sums <- function(x) row(if (is.matrix(x)) rowSums(x) else x)
  df <- sum(sums(fit$exp) > 0) - 1
  list(chi_square = fit$chisq, df = df, p = pchisq(fit$chisq, df, lower.tail = FALSE),
       observed = sums(fit$obs), expected = sums(fit$exp))
}

cox <- function(s, m, ties) {
  s <- written_out(s)
  x <- do.call(cbind, s$covariates[m$columns])
  y <- response(s, s$cause > 0)
  infinite <- integer(0)
  noticed <- function(w) {
    text <- conditionMessage(w)
    if (grepl("infinite", text))
      infinite <<- as.integer(strsplit(sub(".*variable +([0-9,]+).*", "\\1", text), ",")[[1]])
    invokeRestart("muffleWarning")
  }
  # by default R stops where the likelihood changes by less than 1e-9 of itself, too early to compare coefficients to 1e-9
  withCallingHandlers({
    control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 60)
    fit <- if (m$strata) coxph(y ~ x + strata(s$stratum), ties = ties, control = control)
           else coxph(y ~ x, ties = ties, control = control)
  }, warning = noticed)
  if (fit$iter >= 60 && !anyNA(fit$coefficients)) stop(s$name, ": coxph did not converge")
  b <- fit$coefficients
  se <- sqrt(diag(fit$var))
  b[infinite] <- sign(b[infinite]) * Inf
  se[infinite] <- NA
  width <- qnorm((1 + s$level) / 2) * se
  test <- function(statistic) row(c(statistic, pchisq(as.vector(statistic), length(b), lower.tail = FALSE)))
  list(columns = row(m$columns - 1), strata = as.numeric(m$strata), ties = ties,
       status = if (anyNA(fit$coefficients)) "singular" else if (length(infinite)) "monotone" else "ok",
       coefficient = row(b), se = row(se), p = row(pchisq((b / se)^2, 1, lower.tail = FALSE)),
       low = row(exp(b - width)), high = row(exp(b + width)), covariance = row(fit$var),
       null_log_likelihood = fit$loglik[1], log_likelihood = fit$loglik[length(fit$loglik)],
       likelihood_ratio = test(2 * diff(fit$loglik)), wald = test(fit$wald.test), score = test(fit$score))
}

estimates <- function(s) {
  data <- list(name = s$name, about = s$about, level = s$level, causes = s$causes,
               time = row(s$time), cause = row(s$cause))
  for (field in c("entry", "individuals", "group", "stratum"))
    if (!is.null(s[[field]])) data[[field]] <- row(s[[field]])
  if (!is.null(s$covariates)) data$covariates <- lapply(s$covariates, row)
  models <- list()
  for (m in s$cox) for (ties in c("efron", "breslow")) models <- c(models, list(cox(s, m, ties)))
  wanted <- list(kaplan_meier = kaplan_meier(s), incidence = incidence(s), log_rank = log_rank(s), cox = models)
  paste0("{\"data\": ", json(data, exact), ",\n", sub("^\\{", "", json(wanted)))
}

proportions <- function() {
  rows <- list()
  cases <- list(c(0, 10), c(1, 10), c(10, 10), c(61, 75), c(3, 128), c(50, 101), c(1, 1), c(0, 1), c(5000, 10000),
                c(1, 100000))
  for (case in cases) for (level in c(0.95, 0.9, 0.8)) {
    exact <- binom.test(case[1], case[2], conf.level = level)$conf.int
    wilson <- suppressWarnings(prop.test(case[1], case[2], conf.level = level, correct = FALSE))$conf.int
    rows <- c(rows, list(list(events = case[1], n = case[2], level = level, exact = row(exact), wilson = row(wilson))))
  }
  rows
}

# Newcombe's interval, put together from R's Wilson intervals
differences <- function() {
  pair <- function(a, b, level) {
    wilson <- function(x) suppressWarnings(prop.test(x[1], x[2], conf.level = level, correct = FALSE))$conf.int
    p <- a[1] / a[2]
    q <- b[1] / b[2]
    of_p <- wilson(a)
    of_q <- wilson(b)
    ends <- p - q + c(-1, 1) * sqrt(c((p - of_p[1])^2 + (of_q[2] - q)^2, (of_p[2] - p)^2 + (q - of_q[1])^2))
    list(first = row(a), second = row(b), level = level, difference = p - q, interval = row(ends))
  }
  list(pair(c(56, 70), c(48, 80), 0.95), pair(c(9, 10), c(3, 10), 0.95), pair(c(10, 10), c(0, 20), 0.9),
       pair(c(0, 7), c(0, 3), 0.8))
}

geometric <- function() {
  pair <- function(x, y, level) {
    mean_of <- t.test(log(x), conf.level = level)
    own <- t.test(log(x), log(y), conf.level = level)
    equal <- t.test(log(x), log(y), conf.level = level, var.equal = TRUE)
    list(first = row(x), second = row(y), level = level, mean = exp(mean(log(x))),
         mean_interval = row(exp(mean_of$conf.int)), ratio = exp(mean(log(x)) - mean(log(y))),
         own = row(c(own$parameter, exp(own$conf.int))), equal = row(c(equal$parameter, exp(equal$conf.int))))
  }
  a <- round(rlnorm(30, 10, 1.2))
  b <- round(rlnorm(12, 9, 0.8))
  list(pair(a, b, 0.95), pair(b, a, 0.9), pair(a, c(4, 9), 0.99), pair(c(4, 9), b, 0.8))
}

sets <- if (identical(commandArgs(TRUE), "packaged")) packaged() else made()
for (i in seq_along(sets)) sets[[i]]$level <- c(0.95, 0.9, 0.8)[(i - 1) %% 3 + 1]
made_by <- list(script = "tests/stats/survival_oracle.R", R = as.character(getRversion()),
                survival = as.character(packageVersion("survival")))
cat("{\"made_by\": ", json(made_by), ",\n\"proportions\": ", json(proportions()),
    ",\n\"differences\": ", json(differences()), ",\n\"geometric\": ", json(geometric()), ",\n\"sets\": [\n", sep = "")
cat(vapply(sets, estimates, ""), sep = ",\n")
cat("]}\n")
