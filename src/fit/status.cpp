#include "fit/status.h"

namespace carina::fit {
namespace {

struct Row {
  std::string_view name, sentence, advice;
};

constexpr Row rows[] = {
#define CARINA_FIT_STATUS_ROW(name, sentence, advice) {#name, sentence, advice},
    CARINA_FIT_STATUS_LIST(CARINA_FIT_STATUS_ROW)
#undef CARINA_FIT_STATUS_ROW
};

}  // namespace

std::string_view status_name(Status status) { return rows[static_cast<int>(status)].name; }
std::string_view status_sentence(Status status) { return rows[static_cast<int>(status)].sentence; }
std::string_view status_advice(Status status) { return rows[static_cast<int>(status)].advice; }

}  // namespace carina::fit
