#include "expr/graph.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "base/random.h"

using namespace carina;
using expr::Graph;
using expr::NodeId;
using expr::Op;

namespace {

double draw(std::uint64_t a, std::uint64_t b) { return random::uniform(11, random::Domain::Resampling, {a, b, 0, 0, 0}); }

// A smooth random formula of three states, time and a parameter.
NodeId random_formula(Graph& g, std::uint64_t seed) {
  std::vector<NodeId> values = {g.state(0), g.state(1), g.state(2), g.time(), g.parameter(0), g.constant(0.7)};
  std::uint64_t n = 0;
  const auto pick = [&](std::size_t count) {
    return static_cast<std::size_t>(draw(seed, n++) * static_cast<double>(count));
  };
  for (int i = 0; i < 12; ++i) {
    const NodeId a = values[pick(values.size())];
    const NodeId b = values[pick(values.size())];
    switch (pick(9)) {
      case 0: values.push_back(g.add(a, b)); break;
      case 1: values.push_back(g.sub(a, b)); break;
      case 2: values.push_back(g.mul(a, b)); break;
      case 3: values.push_back(g.div(a, g.add(g.constant(2), g.mul(b, b)))); break;
      case 4: values.push_back(g.unary(Op::Exp, g.unary(Op::Tanh, a))); break;
      case 5: values.push_back(g.unary(Op::Log, g.add(g.constant(1), g.mul(a, a)))); break;
      case 6: values.push_back(g.unary(Op::Sqrt, g.add(g.constant(1), g.mul(a, a)))); break;
      case 7: values.push_back(g.binary(Op::Pow, g.add(g.constant(1), g.mul(a, a)), g.unary(Op::Tanh, b))); break;
      default: values.push_back(g.unary(Op::Tanh, g.sub(a, b))); break;
    }
  }
  return values.back();
}

}  // namespace

TEST_CASE("derivatives of random formulas agree with central differences") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    Graph g;
    const NodeId f = random_formula(g, seed);
    const NodeId leaf = seed % 4 == 3 ? g.time() : g.state(static_cast<std::uint32_t>(seed % 3));
    const NodeId slope = g.derivative(f, leaf);
    double states[3] = {0.3 + draw(seed, 101), -0.5 + draw(seed, 102), 1.2 * draw(seed, 103)};
    const double parameter = 0.9;
    expr::Leaves leaves{0.4, states, &parameter, nullptr, nullptr};
    double& x = seed % 4 == 3 ? leaves.time : states[seed % 3];
    const double exact = g.evaluate(slope, leaves);
    const double at = x, delta = 1e-5;
    x = at + delta;
    const double up = g.evaluate(f, leaves);
    x = at - delta;
    const double down = g.evaluate(f, leaves);
    const double difference = (up - down) / (2 * delta);
    CHECK(std::fabs(exact - difference) < 1e-6 * (1 + std::fabs(exact) + 1e-3 * std::fabs(up)));
  }
}

TEST_CASE("equal formulas are one node and trivial ones disappear") {
  Graph g;
  const NodeId x = g.state(0), y = g.state(1);
  CHECK(g.add(x, y) == g.add(y, x));
  CHECK(g.mul(x, g.constant(0)) == g.constant(0));
  CHECK(g.mul(g.constant(1), x) == x);
  CHECK(g.add(x, g.constant(0)) == x);
  CHECK(g.sub(x, x) == g.constant(0));
  CHECK(g.div(x, x) == g.constant(1));
  CHECK(g.binary(Op::Pow, x, g.constant(2)) == g.mul(x, x));
  CHECK(g.binary(Op::Pow, x, g.constant(0.5)) == g.unary(Op::Sqrt, x));
  CHECK(g.mul(g.constant(2), g.mul(g.constant(3), x)) == g.mul(g.constant(6), x));
  CHECK(g.unary(Op::Neg, g.unary(Op::Neg, x)) == x);
  CHECK(g.unary(Op::Not, g.binary(Op::Less, x, y)) == g.binary(Op::LessEqual, y, x));
  CHECK(g.select(g.constant(1), x, y) == x);
  CHECK(g.constant(-0.0) == g.constant(0.0));
  CHECK(g.derivative(g.binary(Op::Less, x, y), x) == g.constant(0));
}

TEST_CASE("substitution rebuilds and simplifies") {
  Graph g;
  const NodeId x = g.state(0), y = g.state(1);
  const NodeId f = g.add(g.mul(x, y), g.unary(Op::Exp, x));
  const auto image = g.substitute({f, y}, {x}, {g.constant(0)});
  CHECK(image[0] == g.constant(1));
  CHECK(image[1] == y);
}

TEST_CASE("a whole power of a negative number is the product, a broken one counts it as empty") {
  Graph g;
  const NodeId x = g.state(0);
  const double minus_two = -2;
  const expr::Leaves leaves{0, &minus_two, nullptr, nullptr, nullptr};
  CHECK(g.evaluate(g.binary(Op::Pow, x, g.constant(3)), leaves) == -8);
  CHECK(g.evaluate(g.binary(Op::Pow, x, g.constant(-2)), leaves) == 0.25);
  CHECK(g.evaluate(g.binary(Op::Pow, x, g.constant(1.5)), leaves) == 0);
}
