/// @file
/// How cells push, stick and move, tuned: what tissue/reference/push.h defines. Lists of neighbours that stay right while cells move
/// less than a skin, several pairs at once in vector registers, and forces and step in one pass.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/parallel.h"
#include "tissue/cells.h"
#include "tissue/grid.h"
#include "tissue/mechanics.h"

namespace carina::tissue::fast {

/// In which numbers the pairs are computed. Places are kept in double precision either way.
enum class Precision : std::uint8_t {
  Single,  ///< differences of places are exact to a millionth of a um, the rest is single
  Double,  ///< everything
};

/// How a crowd is computed.
struct CrowdOptions {
  Precision precision = Precision::Single;  ///< of the pairs
  double skin = 0.75;                       ///< um that a cell may move before lists are made anew
};

/// How one step is made.
struct StepOptions {
  Stepping step;             ///< weights of velocities
  bool driven = true;        ///< other stages have put something into vx, vy, vz
  bool pressure = false;     ///< pressure is wanted
  ParallelOptions parallel;  ///< threads
};

/// The neighbours of cells, cut into chunks of cells.
struct Neighbours {
  static constexpr std::size_t chunk = 512;  ///< cells a chunk
  static constexpr std::size_t pad = 8;      ///< each list is filled up to a multiple of this with the cell itself

  /// Lists of one chunk.
  struct Chunk {
    std::vector<std::uint32_t> first;  ///< where each cell's list begins; one more at the end
    std::vector<std::uint32_t> cell;   ///< places of neighbours
  };
  std::vector<Chunk> chunks;  ///< all of them
};

/// A cell as the pairs see it: place in steps of `Crowd::unit` from the middle, and radius.
struct Near {
  std::int32_t x;  ///< steps
  std::int32_t y;  ///< steps
  std::int32_t z;  ///< steps
  float radius;    ///< um
};

/// The same in double precision, um.
struct NearDouble {
  double x;       ///< um
  double y;       ///< um
  double z;       ///< um
  double radius;  ///< um
};

/// What is kept of a crowd from step to step. Cells may be added, removed or reordered between steps: then call `changed`.
class Crowd {
 public:
  /// Of cells that push by `pairs` in `box`.
  Crowd(Pairs pairs, const Box& box, const CrowdOptions& options = {});

  /// Pairs' pushes into the velocities, and the step: reference::push, then reference::move. Reads type, radius; reads and writes x, y,
  /// z, vx, vy, vz, ux, uy, uz; writes pressure where it is wanted. The bits do not depend on the number of threads.
  void push_and_move(Cells& cells, const StepOptions& options);

  /// Cells have come, gone, grown or changed places.
  void changed() { stale_ = true; }

  /// How often lists were made.
  std::uint64_t builds() const { return builds_; }
  /// The lists as they are.
  const Neighbours& neighbours() const { return lists_; }

 private:
  void refresh(Cells& cells, const ParallelOptions& parallel);
  void load(const Cells& cells);
  template <class N>
  using Buffers = std::array<std::vector<N>, 2>;  // of this step and the next
  template <class N>
  void run(Cells& cells, const StepOptions& options, Buffers<N>& buffers);

  Pairs pairs_;
  Box box_;
  CrowdOptions options_;
  Neighbours lists_;
  bool stale_ = true;
  std::uint64_t builds_ = 0;
  double unit_ = 0x1p-20;  // um
  Vec3 middle_{};
  Buffers<Near> single_;
  Buffers<NearDouble> double_;
  std::vector<float> from_x_, from_y_, from_z_;  // where the lists were made, um from the middle
};

}  // namespace carina::tissue::fast
