// The definition sets of trials. The protocols were not seen: what is recalled or chosen says so, in the text too.
#include <array>

#include "therapy/definitions.h"

namespace carina::therapy {
namespace {

constexpr double month = 365.25 / 12;  // day

constexpr Basis label = {Status::Read, "KYMRIAH US prescribing information, section 14"};
constexpr Basis eliana_protocol = {Status::Recalled, "Maude 2018, N Engl J Med 378:439; protocol not seen"};
constexpr Basis juliet_register = {Status::Read, "register entry NCT07103486, which defines JULIET's PFS, EFS and OS"};
constexpr Basis juliet_protocol = {Status::Recalled, "Schuster 2019, N Engl J Med 380:45; protocol not seen"};
constexpr Basis zuma_1_protocol = {Status::Recalled, "Neelapu 2017, N Engl J Med 377:2531; protocol not seen"};
constexpr Basis karmma_protocol = {Status::Recalled, "Munshi 2021, N Engl J Med 384:705; protocol not seen"};
constexpr Basis cartitude_1_protocol = {Status::Recalled, "Berdeja 2021, Lancet 398:314; protocol not seen"};
constexpr Basis registry_paper = {Status::Recalled, "Pasquini 2020, Blood Adv 4:5414; its methods were not seen"};
constexpr Basis imwg = {Status::Read, "CIBMTR manual, IMWG criteria: two consecutive assessments"};
constexpr Basis lugano = {Status::Read, "Lugano classification asks none"};
constexpr Basis chosen = {Status::Chosen, "carina's choice"};
constexpr Basis not_reported = {Status::Chosen, "the trial does not report it"};

constexpr Rule clock(Origin origin, Deaths deaths, Handling transplant, Handling therapy) {
  return {origin, false, true, deaths, transplant, therapy};
}

constexpr Rule survival(Origin origin) { return {origin, false, false, Deaths::Any, Handling::Ignore, Handling::Ignore}; }

/// The same basis for every choice, to be set right one by one.
constexpr std::array<Basis, choices> all_from(const Basis& basis) {
  std::array<Basis, choices> each = {};
  for (Basis& one : each) one = basis;
  each[static_cast<std::size_t>(Choice::Visits)] = chosen;
  each[static_cast<std::size_t>(Choice::Aplasia)] = chosen;
  return each;
}

constexpr void because(Definitions& set, Choice choice, const Basis& basis) {
  set.basis[static_cast<std::size_t>(choice)] = basis;
}

constexpr Definitions eliana_2017() {
  Definitions set;
  set.name = "eliana_2017";
  set.title = "ELIANA, tisagenlecleucel in B-cell ALL, data cut of April 2017";
  set.disease = Disease::BAll;
  set.set = AnalysisSet::Infused;
  set.follow_up = 3 * month;
  set.response_window = 3 * month;
  set.confirm = 28;
  set.failure_by = 3 * month;
  set.failure_date = FailureDate::Leaving;
  set.dor = clock(Origin::FirstResponse, Deaths::Disease, Handling::Censor, Handling::Censor);
  set.rfs = clock(Origin::FirstResponse, Deaths::Any, Handling::Censor, Handling::Censor);
  set.efs = clock(Origin::Infusion, Deaths::Any, Handling::Censor, Handling::Censor);
  set.efs.failure = true;
  set.pfs = clock(Origin::Infusion, Deaths::Any, Handling::Censor, Handling::Censor);
  set.os = survival(Origin::Infusion);
  set.basis = all_from(eliana_protocol);
  because(set, Choice::Set, label);
  because(set, Choice::Window, label);
  because(set, Choice::Confirmation, label);
  because(set, Choice::Failure,
          {Status::Chosen,
           "the protocol sets a date that was not seen: an input, since failure of all on day 1 contradicts the EFS"});
  because(set, Choice::Pfs, not_reported);
  return set;
}

constexpr Definitions juliet() {
  Definitions set;
  set.name = "juliet";
  set.title = "JULIET, tisagenlecleucel in diffuse large B-cell lymphoma";
  set.disease = Disease::Lymphoma;
  set.set = AnalysisSet::Infused;
  set.follow_up = 3 * month;
  set.dor = clock(Origin::FirstResponse, Deaths::Disease, Handling::Censor, Handling::Censor);
  set.rfs = clock(Origin::FirstResponse, Deaths::Any, Handling::Censor, Handling::Censor);
  set.efs = clock(Origin::Infusion, Deaths::Any, Handling::Event, Handling::Event);
  set.pfs = clock(Origin::Infusion, Deaths::Any, Handling::Censor, Handling::Censor);
  set.os = survival(Origin::Infusion);
  set.basis = all_from(juliet_protocol);
  because(set, Choice::Confirmation, lugano);
  because(set, Choice::Failure, juliet_register);
  because(set, Choice::Efs, juliet_register);
  because(set, Choice::Pfs,
          {Status::Recalled,
           "events read in register entry NCT07103486; that a new therapy censors is recalled (Schuster 2019)"});
  because(set, Choice::Os, juliet_register);
  return set;
}

constexpr Definitions zuma_1() {
  Definitions set;
  set.name = "zuma_1";
  set.title = "ZUMA-1, axicabtagene ciloleucel in large B-cell lymphoma";
  set.disease = Disease::Lymphoma;
  set.set = AnalysisSet::Infused;
  set.dor = clock(Origin::FirstResponse, Deaths::Any, Handling::Censor, Handling::Censor);
  set.rfs = set.dor;
  set.efs = clock(Origin::Infusion, Deaths::Any, Handling::Event, Handling::Event);
  set.pfs = clock(Origin::Infusion, Deaths::Any, Handling::Censor, Handling::Censor);
  set.os = survival(Origin::Infusion);
  set.basis = all_from(zuma_1_protocol);
  because(set, Choice::Failure, not_reported);
  because(set, Choice::Rfs, not_reported);
  because(set, Choice::Efs, not_reported);
  return set;
}

constexpr Definitions myeloma(std::string_view name, std::string_view title, const Basis& protocol) {
  Definitions set;
  set.name = name;
  set.title = title;
  set.disease = Disease::Myeloma;
  set.set = AnalysisSet::Infused;
  set.confirm = 0;
  set.dor = clock(Origin::FirstResponse, Deaths::Any, Handling::Ignore, Handling::Censor);
  set.rfs = set.dor;
  set.efs = clock(Origin::Infusion, Deaths::Any, Handling::Ignore, Handling::Event);
  set.pfs = clock(Origin::Infusion, Deaths::Any, Handling::Ignore, Handling::Censor);
  set.os = survival(Origin::Infusion);
  set.aplasia.responders = false;
  set.basis = all_from(protocol);
  because(set, Choice::Confirmation, imwg);
  because(set, Choice::Failure, not_reported);
  because(set, Choice::Rfs, not_reported);
  because(set, Choice::Efs, not_reported);
  because(set, Choice::Aplasia, not_reported);
  return set;
}

constexpr Definitions registry() {
  Definitions set;
  set.name = "registry";
  set.title = "Registry of the CIBMTR, tisagenlecleucel in B-cell ALL";
  set.disease = Disease::BAll;
  set.set = AnalysisSet::Infused;
  set.follow_up = 3 * month;
  set.response_window = 100;
  set.failure_by = 100;
  set.failure_date = FailureDate::Assessment;
  set.dor = clock(Origin::FirstResponse, Deaths::Any, Handling::Ignore, Handling::Ignore);
  set.rfs = set.dor;
  set.efs = clock(Origin::Infusion, Deaths::Any, Handling::Ignore, Handling::Ignore);
  set.efs.failure = true;
  set.pfs = clock(Origin::Infusion, Deaths::Any, Handling::Ignore, Handling::Ignore);
  set.os = survival(Origin::Infusion);
  set.censor_at = CensorAt::Contact;
  set.basis = all_from(registry_paper);
  because(set, Choice::Failure, chosen);
  because(set, Choice::Pfs, not_reported);
  return set;
}

constexpr std::array<Definitions, 6> sets = {
    eliana_2017(),
    juliet(),
    zuma_1(),
    myeloma("karmma", "KarMMa, idecabtagene vicleucel in multiple myeloma", karmma_protocol),
    myeloma("cartitude_1", "CARTITUDE-1, ciltacabtagene autoleucel in multiple myeloma", cartitude_1_protocol),
    registry()};

}  // namespace

std::span<const Definitions> presets() { return sets; }

const Definitions* preset(std::string_view name) {
  for (const Definitions& set : sets) {
    if (set.name == name) return &set;
  }
  return nullptr;
}

}  // namespace carina::therapy
