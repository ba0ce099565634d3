#include "scenes/workload_b.h"

#include "scenes/patients.h"

#include <cmath>

namespace carina::bench::workload_b {

#define PARAMETER(name, typical, omega)
#define STATE(name, atol) #name,
const std::array<std::string_view, states> state_names = {
#include "scenes/workload_b.def"
};
#undef STATE
#define STATE(name, atol) atol,
const std::array<double, states> absolute_tolerances = {
#include "scenes/workload_b.def"
};
#undef STATE
#undef PARAMETER

#define STATE(name, atol)
#define PARAMETER(name, typical, omega) #name,
const std::array<std::string_view, parameters> parameter_names = {
#include "scenes/workload_b.def"
};
#undef PARAMETER

Parameters patient(std::uint64_t id) {
  Parameters p;
  if (id == 0) return p;
  std::uint64_t j = 0;
#define PARAMETER(name, typical, omega) \
  if (omega > 0.0) p.name = (typical)*std::exp((omega)*normal_deviate(id, j++));
#include "scenes/workload_b.def"
#undef PARAMETER
  return p;
}

std::array<double, parameters> values(const Parameters& p) {
  return {
#define PARAMETER(name, typical, omega) p.name,
#include "scenes/workload_b.def"
#undef PARAMETER
  };
}
#undef STATE

std::array<double, states> initial_state(const Parameters& p) {
  std::array<double, states> y{};
  y[0] = p.dose * (1.0 - p.fM0);
  y[1] = p.dose * p.fM0;
  y[9] = p.Tp0;
  y[10] = p.Tn0;
  y[11] = p.B0;
  y[12] = p.p60 / (p.d6n + p.d6r);
  y[13] = p.pG0 / p.dG;
  y[14] = p.CRP0;
  y[15] = p.p15 * (1.0 + p.a15) / p.d15;
  y[18] = p.R0;
  return y;
}

std::vector<Infusion> two_infusions() { return {{6.0, 1.0 / 24.0, 560.0}, {6.5, 1.0 / 24.0, 560.0}}; }

std::vector<Infusion> weekly_infusions() {
  std::vector<Infusion> infusions;
  for (int week = 0; week < 52; ++week) infusions.push_back({6.0 + 7.0 * week, 1.0 / 24.0, 560.0});
  return infusions;
}

Rates::Rates(const Parameters& p)
    : p_(p),
      leave_e_(p.kbt + p.kbl),
      leave_m_(p.fMt * p.kbt + p.fMl * p.kbl),
      enter_mt_(p.fMt * p.kbt),
      enter_ml_(p.fMl * p.kbl),
      kx2_(p.KX * p.KX),
      k6_2_(p.K6 * p.K6),
      kc2_(p.KC * p.KC),
      inv_cmax_(1.0 / p.Cmax),
      inv_kt_(1.0 / p.KT),
      inv_tau15_(1.0 / p.tau15),
      inv_r0_(1.0 / p.R0),
      d15_kc15_(p.d15 / p.Kc15),
      cl_v1_q_v1_((p.CL + p.Q) / p.V1),
      q_v1_(p.Q / p.V1),
      q_v2_(p.Q / p.V2),
      inv_v1_(1.0 / p.V1),
      bind_a1_(p.kon * p.nM / p.V1),
      unbind_(p.koff + p.kint) {}

void Rates::derivatives(double t, const double* y, double* dy) const {
  const Parameters& p = p_;
  const double Eb = y[0], Mb = y[1], Xb = y[2], Et = y[3], Mt = y[4], Xt = y[5], El = y[6], Ml = y[7], Xl = y[8];
  const double Tp = y[9], Tn = y[10], B = y[11], I6 = y[12], IG = y[13], CRP = y[14], I15 = y[15];
  const double A1 = y[16], A2 = y[17], R = y[18], RC = y[19];

  const double Agb = p.fBb * B + p.fTb * Tp, Agt = p.fBt * B + Tp, Agl = p.fBl * B + p.fTl * Tp;
  const double sb = Agb / (p.KAg + Agb), st = Agt / (p.KAg + Agt), sl = Agl / (p.KAg + Agl);
  const double hb = p.kX * Agb * Agb / (kx2_ + Agb * Agb);
  const double ht = p.kX * Agt * Agt / (kx2_ + Agt * Agt);
  const double hl = p.kX * Agl * Agl / (kx2_ + Agl * Agl);
  const double Ctot = Eb + Mb + Xb + Et + Mt + Xt + El + Ml + Xl;
  const double u15 = I15 / (p.K15 + I15);
  const double gp = p.rhoE * (1.0 + p.e15 * u15) * (1.0 - Ctot * inv_cmax_);
  const double mem = p.rhoM * u15 - p.muM;
  const double db = p.dEM * (1.0 - sb), dt = p.dEM * (1.0 - st), dl = p.dEM * (1.0 - sl);
  const double ab = p.aM * sb, at = p.aM * st, al = p.aM * sl;
  const double N = Tp + Tn, room = p.rT * (1.0 - N * inv_kt_);
  const double kl = Et + p.epsX * Xt;
  const double kill = p.kappa * kl / (p.KE + kl + p.w * N) * Tp;
  const double Ebt = Eb + Et + El;
  const double Cc = A1 * inv_v1_;
  const double bind = bind_a1_ * A1 * R;
  const double S6 = I6 * R * inv_r0_;

  dy[0] = Eb * (gp * sb - p.muE - db - hb) + ab * Mb - leave_e_ * Eb + p.ktb * Et + p.klb * El;
  dy[1] = Mb * (mem - ab) + db * Eb - leave_m_ * Mb + p.ktb * Mt + p.klb * Ml;
  dy[2] = hb * Eb - p.muX * Xb - leave_e_ * Xb + p.ktb * Xt + p.klb * Xl;
  dy[3] = Et * (gp * st - p.muE - dt - ht) + at * Mt + p.kbt * Eb - p.ktb * Et;
  dy[4] = Mt * (mem - at) + dt * Et + enter_mt_ * Mb - p.ktb * Mt;
  dy[5] = ht * Et - p.muX * Xt + p.kbt * Xb - p.ktb * Xt;
  dy[6] = El * (gp * sl - p.muE - dl - hl) + al * Ml + p.kbl * Eb - p.klb * El;
  dy[7] = Ml * (mem - al) + dl * El + enter_ml_ * Mb - p.klb * Ml;
  dy[8] = hl * El - p.muX * Xl + p.kbl * Xb - p.klb * Xl;
  dy[9] = room * Tp * (Tp / (Tp + p.th)) - (p.muT + p.muAg) * Tp - kill;
  dy[10] = room * Tn * (Tn / (Tn + p.th)) - p.muT * Tn + p.muAg * Tp - p.kb * IG / (p.KIG + IG) * Tn;
  dy[11] = p.sB - p.muB * B - p.kapB * Ebt / (p.KEB + Ebt) * B;
  dy[12] = p.p60 + p.p6 * IG * IG / (k6_2_ + IG * IG) + p.p6L * kill - (p.d6n + p.d6r * R * inv_r0_) * I6;
  dy[13] = p.pG0 + p.pG * (sb * Eb + st * Et + sl * El) - p.dG * IG;
  dy[14] = p.dC * p.CRP0 + p.pC * S6 * S6 / (kc2_ + S6 * S6) - p.dC * CRP;
  dy[15] = p.p15 * (1.0 + p.a15 * std::exp(-t * inv_tau15_)) - I15 * (p.d15 + d15_kc15_ * Ctot);
  dy[16] = infusion_ - cl_v1_q_v1_ * A1 - p.Vm * Cc / (p.Km + Cc) + q_v2_ * A2;
  dy[17] = q_v1_ * A1 - q_v2_ * A2;
  dy[18] = p.kdeg * (p.R0 - R) - bind + p.koff * RC;
  dy[19] = bind - unbind_ * RC;
}

namespace {

/// What the Jacobian of the cells needs at one site (blood, marrow, lymphoid).
struct Site {
  int e;  // index of the effector state; memory and exhausted cells follow it
  double antigen, per_b, per_tumour;
};

}  // namespace

void Rates::jacobian(const double* y, double* const* c) const {
  cells(y, c);
  trafficking(c);
  targets(y, c);
  proteins(y, c);
}

void Rates::cells(const double* y, double* const* c) const {
  const Parameters& p = p_;
  const double Tp = y[9], B = y[11], I15 = y[15];
  double Ctot = 0.0;
  for (int i = 0; i < 9; ++i) Ctot += y[i];
  const double q15 = 1.0 / (p.K15 + I15), u15 = I15 * q15, du15 = p.K15 * q15 * q15;
  const double logistic = p.rhoE * (1.0 - Ctot * inv_cmax_);
  const double gp = logistic * (1.0 + p.e15 * u15), gp_i15 = logistic * p.e15 * du15;
  const double gp_cell = -p.rhoE * (1.0 + p.e15 * u15) * inv_cmax_;
  const double mem = p.rhoM * u15 - p.muM;

  const Site sites[3] = {
      {0, p.fBb * B + p.fTb * Tp, p.fBb, p.fTb}, {3, p.fBt * B + Tp, p.fBt, 1.0}, {6, p.fBl * B + p.fTl * Tp, p.fBl, p.fTl}};
  double ig_antigen_b = 0.0, ig_antigen_t = 0.0;
  for (const Site& site : sites) {
    const int e = site.e, m = e + 1, x = e + 2;
    const double E = y[e], M = y[m], Ag = site.antigen;
    const double qs = 1.0 / (p.KAg + Ag), s = Ag * qs, ds = p.KAg * qs * qs;
    const double qh = 1.0 / (kx2_ + Ag * Ag), h = p.kX * Ag * Ag * qh, dh = 2.0 * p.kX * Ag * kx2_ * qh * qh;
    for (int j = 0; j < 9; ++j) c[j][e] = E * s * gp_cell;
    c[e][e] += gp * s - p.muE - p.dEM * (1.0 - s) - h;
    c[m][e] += p.aM * s;
    const double e_antigen = E * ((gp + p.dEM) * ds - dh) + p.aM * ds * M;
    c[9][e] = e_antigen * site.per_tumour;
    c[11][e] = e_antigen * site.per_b;
    c[15][e] = E * s * gp_i15;
    c[e][m] = p.dEM * (1.0 - s);
    c[m][m] = mem - p.aM * s;
    const double m_antigen = -ds * (p.aM * M + p.dEM * E);
    c[9][m] = m_antigen * site.per_tumour;
    c[11][m] = m_antigen * site.per_b;
    c[15][m] = M * p.rhoM * du15;
    c[e][x] = h;
    c[x][x] = -p.muX;
    c[9][x] = dh * E * site.per_tumour;
    c[11][x] = dh * E * site.per_b;
    c[e][13] = p.pG * s;
    ig_antigen_t += p.pG * ds * E * site.per_tumour;
    ig_antigen_b += p.pG * ds * E * site.per_b;
    for (int k = 0; k < 3; ++k) c[e + k][15] = -d15_kc15_ * I15;
  }
  c[9][13] = ig_antigen_t;
  c[11][13] = ig_antigen_b;
  c[15][15] = -p.d15 - d15_kc15_ * Ctot;
}

void Rates::trafficking(double* const* c) const {
  const Parameters& p = p_;
  c[0][0] -= leave_e_;
  c[3][0] += p.ktb;
  c[6][0] += p.klb;
  c[0][3] += p.kbt;
  c[3][3] -= p.ktb;
  c[0][6] += p.kbl;
  c[6][6] -= p.klb;
  c[1][1] -= leave_m_;
  c[4][1] = p.ktb;
  c[7][1] = p.klb;
  c[1][4] = enter_mt_;
  c[4][4] -= p.ktb;
  c[1][7] = enter_ml_;
  c[7][7] -= p.klb;
  c[2][2] -= leave_e_;
  c[5][2] = p.ktb;
  c[8][2] = p.klb;
  c[2][5] = p.kbt;
  c[5][5] -= p.ktb;
  c[2][8] = p.kbl;
  c[8][8] -= p.klb;
}

void Rates::targets(const double* y, double* const* c) const {
  const Parameters& p = p_;
  const double Tp = y[9], Tn = y[10], B = y[11], IG = y[13];
  const double N = Tp + Tn, free = 1.0 - N * inv_kt_, kl = y[3] + p.epsX * y[5];
  const double qd = 1.0 / (p.KE + kl + p.w * N), kp = p.kappa * kl * qd;
  const double kp_kl = p.kappa * (p.KE + p.w * N) * qd * qd, kp_n = -kp * p.w * qd;
  const double qp = 1.0 / (Tp + p.th), a = Tp * Tp * qp, da = Tp * (Tp + 2.0 * p.th) * qp * qp;
  const double qn = 1.0 / (Tn + p.th), b = Tn * Tn * qn, db = Tn * (Tn + 2.0 * p.th) * qn * qn;
  const double qg = 1.0 / (p.KIG + IG);
  c[3][9] = -Tp * kp_kl;
  c[5][9] = -Tp * kp_kl * p.epsX;
  c[9][9] = p.rT * (da * free - a * inv_kt_) - p.muT - p.muAg - kp - Tp * kp_n;
  c[10][9] = -p.rT * a * inv_kt_ - Tp * kp_n;
  c[9][10] = -p.rT * b * inv_kt_ + p.muAg;
  c[10][10] = p.rT * (db * free - b * inv_kt_) - p.muT - p.kb * IG * qg;
  c[13][10] = -p.kb * p.KIG * qg * qg * Tn;

  const double Ebt = y[0] + y[3] + y[6], qb = 1.0 / (p.KEB + Ebt), b_cell = -p.kapB * p.KEB * qb * qb * B;
  c[0][11] = c[3][11] = c[6][11] = b_cell;
  c[11][11] = -p.muB - p.kapB * Ebt * qb;
  c[3][12] = p.p6L * Tp * kp_kl;
  c[5][12] = p.p6L * Tp * kp_kl * p.epsX;
  c[9][12] = p.p6L * (kp + Tp * kp_n);
  c[10][12] = p.p6L * Tp * kp_n;
}

void Rates::proteins(const double* y, double* const* c) const {
  const Parameters& p = p_;
  const double I6 = y[12], IG = y[13], A1 = y[16], R = y[18];
  const double q6 = 1.0 / (k6_2_ + IG * IG);
  c[12][12] = -p.d6n - p.d6r * R * inv_r0_;
  c[13][12] = 2.0 * p.p6 * IG * k6_2_ * q6 * q6;
  c[18][12] = -p.d6r * inv_r0_ * I6;
  c[13][13] = -p.dG;

  const double S6 = I6 * R * inv_r0_, qc = 1.0 / (kc2_ + S6 * S6), crp_s6 = 2.0 * p.pC * S6 * kc2_ * qc * qc;
  c[12][14] = crp_s6 * R * inv_r0_;
  c[14][14] = -p.dC;
  c[18][14] = crp_s6 * I6 * inv_r0_;

  const double qm = 1.0 / (p.Km + A1 * inv_v1_);
  c[16][16] = -cl_v1_q_v1_ - p.Vm * p.Km * qm * qm * inv_v1_;
  c[17][16] = q_v2_;
  c[16][17] = q_v1_;
  c[17][17] = -q_v2_;
  c[16][18] = -bind_a1_ * R;
  c[18][18] = -p.kdeg - bind_a1_ * A1;
  c[19][18] = p.koff;
  c[16][19] = bind_a1_ * R;
  c[18][19] = bind_a1_ * A1;
  c[19][19] = -unbind_;
}

}  // namespace carina::bench::workload_b
