/// @file
/// Small models written in C++, so that the engines are tested without the model language.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "ensemble/integrate.h"

namespace carina::sketch {

/// A formula.
struct Formula {
  expr::Graph* graph;
  expr::NodeId node;
};

inline Formula operator+(Formula a, Formula b) { return {a.graph, a.graph->add(a.node, b.node)}; }
inline Formula operator-(Formula a, Formula b) { return {a.graph, a.graph->sub(a.node, b.node)}; }
inline Formula operator*(Formula a, Formula b) { return {a.graph, a.graph->mul(a.node, b.node)}; }
inline Formula operator/(Formula a, Formula b) { return {a.graph, a.graph->div(a.node, b.node)}; }
inline Formula operator-(Formula a) { return {a.graph, a.graph->unary(expr::Op::Neg, a.node)}; }
inline Formula operator<(Formula a, Formula b) { return {a.graph, a.graph->binary(expr::Op::Less, a.node, b.node)}; }
inline Formula operator>=(Formula a, Formula b) { return {a.graph, a.graph->binary(expr::Op::LessEqual, b.node, a.node)}; }
inline Formula of(expr::Op op, Formula a) { return {a.graph, a.graph->unary(op, a.node)}; }
inline Formula of(expr::Op op, Formula a, Formula b) { return {a.graph, a.graph->binary(op, a.node, b.node)}; }
inline Formula choose(Formula c, Formula a, Formula b) { return {a.graph, a.graph->select(c.node, a.node, b.node)}; }

/// A model under construction, and a plan that records every state.
struct Sketch {
  model::Model model;
  ensemble::Plan plan;

  Formula number(double value) { return {&model.graph, model.graph.constant(value)}; }
  Formula time() { return {&model.graph, model.graph.time()}; }
  Formula parameter(const std::string& name, double value) {
    model::Parameter parameter;
    parameter.name = name;
    parameter.value = value;
    model.parameters.push_back(parameter);
    return {&model.graph, model.graph.parameter(static_cast<std::uint32_t>(model.parameters.size() - 1))};
  }
  /// Declares a state; give it its rate with `rate`.
  Formula state(const std::string& name, Formula start, double scale = 1) {
    model::State state;
    state.name = name;
    state.scale = scale;
    state.start = start.node;
    state.rate = number(0).node;
    model.states.push_back(state);
    const Formula leaf{&model.graph, model.graph.state(static_cast<std::uint32_t>(model.states.size() - 1))};
    plan.columns.push_back(leaf.node);
    return leaf;
  }
  void rate(Formula state, Formula rate) { model.states[model.graph[state.node].index].rate = rate.node; }
  ensemble::Dose& dose(Formula into, double amount, double at) {
    ensemble::Dose dose;
    dose.state = model.graph[into.node].index;
    dose.amount = number(amount).node;
    dose.at = number(at).node;
    plan.protocol.doses.push_back(dose);
    return plan.protocol.doses.back();
  }

  std::vector<double> typical() const {
    std::vector<double> row;
    for (const model::Parameter& parameter : model.parameters) row.push_back(parameter.value);
    return row;
  }
  /// The typical individual.
  ensemble::Results run(ensemble::Engine engine = ensemble::Engine::Auto) { return run(typical(), 1, engine); }
  ensemble::Results run(const std::vector<double>& parameters, std::size_t count,
                        ensemble::Engine engine = ensemble::Engine::Auto) {
    plan.model = &model;
    plan.solver.engine = engine;
    ensemble::Results results;
    ensemble::Ensemble(plan).integrate(parameters, count, results);
    return results;
  }
  ensemble::Results reference() {
    plan.model = &model;
    ensemble::Results results;
    ensemble::integrate_reference(plan, typical(), results);
    return results;
  }
};

/// Same bits, NaN included.
inline bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

}  // namespace carina::sketch
