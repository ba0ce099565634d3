#include "ensemble_a/contenders.h"
#include "scenes/stein.h"

namespace carina::bench {
namespace {

class ClosedForm final : public Contender {
 public:
  std::string name() const override { return "closed form, compiled C++"; }
  std::string version() const override { return "-O3 -march=native"; }
  Outcome run(std::size_t count, std::vector<double>& out) override {
    for (std::size_t k = 0; k < count; ++k) {
      const stein::Patient p = stein::patient(k + 1);
      for (std::size_t day = 0; day < 366; ++day) out[k * 366 + day] = stein::level(p, static_cast<double>(day));
    }
    return {};
  }
};

}  // namespace

std::unique_ptr<Contender> closed_form_a() { return std::make_unique<ClosedForm>(); }

}  // namespace carina::bench
