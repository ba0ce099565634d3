#include "therapy/scores.h"

#include <doctest/doctest.h>

using namespace carina::therapy;

namespace {
constexpr HematotoxItems good = {220, 3400, 12.4, 0.8, 180};

int changed(double HematotoxItems::*item, double value) {
  HematotoxItems items = good;
  items.*item = value;
  return car_hematotox(items);
}
}  // namespace

TEST_CASE("CAR-HEMATOTOX: every limit of every item") {
  CHECK(car_hematotox(good) == 0);
  CHECK(changed(&HematotoxItems::platelets_e9_per_l, 175.1) == 0);
  CHECK(changed(&HematotoxItems::platelets_e9_per_l, 175) == 1);
  CHECK(changed(&HematotoxItems::platelets_e9_per_l, 75) == 1);
  CHECK(changed(&HematotoxItems::platelets_e9_per_l, 74.9) == 2);
  CHECK(changed(&HematotoxItems::neutrophils_per_ul, 1200) == 0);
  CHECK(changed(&HematotoxItems::neutrophils_per_ul, 1199) == 1);
  CHECK(changed(&HematotoxItems::haemoglobin_g_per_dl, 9) == 0);
  CHECK(changed(&HematotoxItems::haemoglobin_g_per_dl, 8.9) == 1);
  CHECK(changed(&HematotoxItems::crp_mg_per_dl, 2.9) == 0);
  CHECK(changed(&HematotoxItems::crp_mg_per_dl, 3) == 1);
  CHECK(changed(&HematotoxItems::ferritin_ng_per_ml, 649) == 0);
  CHECK(changed(&HematotoxItems::ferritin_ng_per_ml, 650) == 1);
  CHECK(changed(&HematotoxItems::ferritin_ng_per_ml, 2000) == 1);
  CHECK(changed(&HematotoxItems::ferritin_ng_per_ml, 2001) == 2);
  CHECK(car_hematotox({40, 400, 7.8, 9.5, 3200}) == 7);
  CHECK(!car_hematotox_high(1));
  CHECK(car_hematotox_high(2));
}

TEST_CASE("EASIX and its two modifications are ratios over platelets") {
  CHECK(easix(300, 0.8, 120) == doctest::Approx(2));
  CHECK(m_easix(300, 4, 120) == doctest::Approx(10));
  CHECK(s_easix(300, 120) == doctest::Approx(2.5));
}

TEST_CASE("IPI: every limit of every item, and its groups") {
  CHECK(ipi({60, 1, 1, 2, 1}) == 0);
  CHECK(ipi({60.1, 1, 1, 2, 1}) == 1);
  CHECK(ipi({60, 1.01, 1, 2, 1}) == 1);
  CHECK(ipi({60, 1, 2, 2, 1}) == 1);
  CHECK(ipi({60, 1, 1, 3, 1}) == 1);
  CHECK(ipi({60, 1, 1, 2, 2}) == 1);
  CHECK(ipi({75, 3, 4, 4, 5}) == 5);
  CHECK(ipi_risk(0) == IpiRisk::Low);
  CHECK(ipi_risk(1) == IpiRisk::Low);
  CHECK(ipi_risk(2) == IpiRisk::LowIntermediate);
  CHECK(ipi_risk(3) == IpiRisk::HighIntermediate);
  CHECK(ipi_risk(4) == IpiRisk::High);
  CHECK(ipi_risk(5) == IpiRisk::High);
}
