#include "record/impl/digest.h"
#include "record/recording.h"

namespace carina::record {

std::string hash(const Recording& recording) {
  Hash whole;
  for (const Table& table : recording.plan().tables) {
    if (!table.result || table.role == Role::State) continue;
    std::vector<Hash> columns(table.columns.size());
    recording.each_block(table.name, [&](std::uint64_t, const Table& block) {
      for (std::size_t i = 0; i < columns.size(); ++i) impl::add_values(columns[i], block.columns[i].values);
    });
    impl::add_shape(whole, table);
    whole.number(recording.rows(table.name));
    for (const Hash& column : columns) whole.text(column.hex());
  }
  return whole.hex();
}

}  // namespace carina::record
