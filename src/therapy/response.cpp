#include "therapy/response.h"

#include <array>

#include "base/check.h"
#include "therapy/impl/compare.h"

namespace carina::therapy {
namespace {

struct Words {
  std::string_view name;
  std::string_view title;
};

/// In the order of Response.
constexpr std::array<Words, 11> words = {{{"NE", "not evaluable"},
                                          {"PD", "progressive disease"},
                                          {"relapse", "relapse"},
                                          {"NR", "no response"},
                                          {"SD", "stable disease"},
                                          {"MR", "minimal response"},
                                          {"PR", "partial response"},
                                          {"VGPR", "very good partial response"},
                                          {"CRi", "complete remission with incomplete recovery of blood counts"},
                                          {"CR", "complete response"},
                                          {"sCR", "stringent complete response"}}};

constexpr std::array leukaemia = {Response::Complete, Response::CompleteIncomplete, Response::NoResponse, Response::Relapse,
                                  Response::NotEvaluable};
constexpr std::array lymphoma = {Response::Complete, Response::Partial, Response::Stable, Response::Progression,
                                 Response::NotEvaluable};
constexpr std::array myeloma = {Response::StringentComplete, Response::Complete,    Response::VeryGoodPartial,
                                Response::Partial,           Response::Minimal,     Response::Stable,
                                Response::Progression,       Response::NotEvaluable};

}  // namespace

std::string_view name(Response response) { return words[static_cast<std::size_t>(response)].name; }

std::string_view title(Response response) { return words[static_cast<std::size_t>(response)].title; }

std::span<const Response> responses(Disease disease) {
  switch (disease) {
    case Disease::BAll: return leukaemia;
    case Disease::Lymphoma: return lymphoma;
    case Disease::Myeloma: return myeloma;
  }
  CARINA_CHECK(!"a disease without responses");
  return {};
}

Response unconfirmed(Disease disease) { return disease == Disease::BAll ? Response::NoResponse : Response::Stable; }

std::string_view name(Mrd mrd) {
  constexpr std::array<std::string_view, 3> names = {"not_done", "negative", "positive"};
  return names[static_cast<std::size_t>(mrd)];
}

std::string_view name(AntigenClass antigen) {
  constexpr std::array<std::string_view, 4> names = {"unknown", "positive", "mixed", "negative"};
  return names[static_cast<std::size_t>(antigen)];
}

AntigenClass antigen_class(const Clones& clones, const AntigenCut& cut) {
  const double total = clones.positive + clones.low + clones.negative;
  if (!(total > 0)) return AntigenClass::Unknown;
  const double share = (clones.negative + (cut.low_is_negative ? clones.low : 0)) / total;
  if (impl::at_least(share, cut.negative_from)) return AntigenClass::Negative;
  if (impl::at_most(share, cut.positive_to)) return AntigenClass::Positive;
  return AntigenClass::Mixed;
}

}  // namespace carina::therapy
