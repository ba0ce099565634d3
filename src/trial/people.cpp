#include "trial/people.h"

#include <algorithm>

#include "base/math.h"
#include "trial/impl/luck.h"

namespace carina::trial {

double median_weight(double age, double adult) { return age >= 18 ? adult : std::min(adult, 8.5 + 2.6 * age); }

Person draw_person(const People& people, std::uint64_t seed, std::uint64_t individual) {
  using impl::Purpose;
  const impl::Luck luck{seed, individual};
  Person person;
  person.age = people.age.low + (people.age.high - people.age.low) * people.age.way.at(luck.normal(Purpose::Age));
  person.weight =
      median_weight(person.age, people.adult_weight) * math::exp(people.weight_sd * luck.normal(Purpose::Weight));
  person.lymphocytes = people.lymphocytes.at(luck.normal(Purpose::Lymphocytes));
  const double z = luck.normal(Purpose::Burden);
  const double size = person.weight / 70;
  person.burden =
      size * (people.burden_kind == BurdenKind::Blasts ? people.marrow_cells * people.blasts.at(z) : people.cells.at(z));
  return person;
}

}  // namespace carina::trial
