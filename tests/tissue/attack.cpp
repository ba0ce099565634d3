#include <doctest/doctest.h>

#include <numeric>

#include "scenes/tissue_t2.h"
#include "tissue/support.h"

using namespace carina;
namespace t2 = carina::scenes::t2;

namespace {

std::string hash_of(t2::Scene& scene) {
  Hash hash;
  hash.text(tests::hash_of(scene.people().cells));
  for (const tissue::Field& field : scene.fields()) hash.doubles(field.value);
  return hash.hex();
}

}  // namespace

TEST_CASE("T2's ball is the sample's") {
  const double radius = tissue::radius_of(2494);
  CHECK(t2::packed(radius, 250).size() == 18317);
  CHECK(t2::packed(radius, 350).size() == 50232);
}

TEST_CASE("an attack has the same bits for any number of threads, and others with another seed") {
  const t2::Size small{150, 70, 60};
  t2::Scene one(small, 1, 1), three(small, 1, 3), other(small, 2, 1);
  for (t2::Scene* scene : {&one, &three, &other}) scene->run(13);
  CHECK(hash_of(one) == hash_of(three));
  CHECK(hash_of(one) != hash_of(other));
}

TEST_SUITE("slow") {
  TEST_CASE("T2 after an hour: fields are PhysiCell's, counts near its seeds'") {
    t2::Scene scene({}, 1, 2);
    scene.run(60);
    const t2::Counts counts = scene.counts();
    // PhysiCell 1.14.2, seeds 1 to 3: attached 112, 97, 122; dead 45, 48, 50; tumour cells 18617, 18598, 18634
    CHECK(counts.attached > 70);
    CHECK(counts.attached < 160);
    CHECK(counts.dead > 25);
    CHECK(counts.dead < 80);
    CHECK(counts.tumour > 18560);
    CHECK(counts.tumour < 18700);
    // oxygen least 10.19 to 10.20, mean 32.82; factor mean 0.2968 to 0.2971, most 0.9988, least 0.068
    const auto of = [](const tissue::Field& field) {
      const auto [low, high] = std::minmax_element(field.value.begin(), field.value.end());
      return std::array{
          *low, std::accumulate(field.value.begin(), field.value.end(), 0.0) / static_cast<double>(field.value.size()),
          *high};
    };
    const auto oxygen = of(scene.fields()[0]), factor = of(scene.fields()[1]);
    CHECK(oxygen[0] == doctest::Approx(10.195).epsilon(0.002));
    CHECK(oxygen[1] == doctest::Approx(32.82).epsilon(0.0005));
    CHECK(factor[0] == doctest::Approx(0.068).epsilon(0.01));
    CHECK(factor[1] == doctest::Approx(0.297).epsilon(0.002));
    CHECK(factor[2] == doctest::Approx(0.9988).epsilon(0.0002));
  }
}
