/// @file
/// What waiting for cells costs, as a closed form: one patient who waits w months under a hazard that rises as the cancer
/// grows, and from then on has the hazard of the treated, against one who goes on with chemotherapy.
///
/// Waiting hazard at time t: a exp(k t); treated: b; chemotherapy: c. Mortality at a horizon T >= w is
///     M(w) = 1 - exp(-a (exp(k w) - 1) / k - b (T - w)),     chemotherapy: 1 - exp(-c T).
/// It is the hazard of therapy/burden.h with k = exponent x growth rate. A patient treated late has the hazard of one
/// treated early: the model puts all harm into the wait.
///
/// The discrete-event model of Tully et al. (JCO Clinical Cancer Informatics; relapsed DLBCL; read as summarised by
/// cancertherapyadvisor.com) gives four outputs, 1-year mortality of 34.0 % without wait, 36.1 % after 1 month, 76.3 %
/// after 9 months and 75.1 % with chemotherapy. Its inputs were not found. The outputs set the numbers here: b from the
/// first, a and k from the second and third, c from the last. Four numbers meet four outputs; what remains to compare is
/// where the curves cross (published: an advantage up to 8 months, none at 9).
#pragma once

namespace carina::therapy {

/// The hazards, 1/month.
struct WaitingModel {
  double waiting = 0;       ///< a: of one who waits, at the start
  double growth = 0;        ///< k: growth of that hazard; 0: constant
  double treated = 0;       ///< b: of the treated
  double chemotherapy = 0;  ///< c: with chemotherapy
};

/// Mortality at a horizon as published, fractions; waits and horizon in months. Defaults: Tully.
struct WaitingOutputs {
  double horizon = 12;          ///< months
  double at_once = 0.340;       ///< without wait
  double short_wait = 1;        ///< months
  double after_short = 0.361;   ///< after the short wait
  double long_wait = 9;         ///< months
  double after_long = 0.763;    ///< after the long wait
  double chemotherapy = 0.751;  ///< with chemotherapy
};

/// The model that gives these outputs. They must be such that mortality rises with waiting, ever faster: cumulative waiting
/// hazard after the long wait over that after the short one at least long / short.
WaitingModel waiting_model(const WaitingOutputs& outputs = {});

/// The same with a constant waiting hazard (growth 0), from all but the short wait.
WaitingModel constant_waiting_model(const WaitingOutputs& outputs = {});

/// Mortality at `horizon` after waiting `wait` months, 0 to horizon.
double mortality(const WaitingModel& model, double wait, double horizon);

/// Mortality at `horizon` with chemotherapy.
double chemotherapy_mortality(const WaitingModel& model, double horizon);

/// The wait from which on treatment is no better than chemotherapy at `horizon`, months; NaN when it always is or never
/// was.
double break_even_wait(const WaitingModel& model, double horizon);

/// A waiting list in a steady state, first come first served, everybody leaving it at the same constant rate: what Kourelis
/// 2023 reports of ide-cel (17 centres, medians: 1 slot a month, 20 waiting, 6 months to leukapheresis, 25 % treated) fixes
/// three numbers twice over. With arrivals r, slots s and leaving rate d: s = r exp(-d w), length = (r - s) / d.
struct WaitingList {
  double arrivals = 0;  ///< a month
  double leaving = 0;   ///< 1/month: died, progressed, treated otherwise
  double wait = 0;      ///< of those who get a slot, months
  double length = 0;    ///< patients waiting
};

/// From slots a month, the share treated (0 to 1) and the wait in months.
WaitingList list_with_wait(double slots, double treated_share, double wait);

/// From slots a month, the share treated and the length of the list.
WaitingList list_with_length(double slots, double treated_share, double length);

}  // namespace carina::therapy
