"""libRoadRunner on work loads A and B, called by the benchmark program.

usage: run_roadrunner.py --version
       run_roadrunner.py BENCH PATIENTS COUNT ANSWERS
PATIENTS holds COUNT rows of doubles (parameters and initial values), ANSWERS receives 366 daily rows a patient.
The last line printed is JSON with the processor time of the simulations alone.
"""

import json
import pathlib
import re
import sys
import time

import antimony
import numpy as np
import roadrunner

BENCH = pathlib.Path(__file__).resolve().parent.parent
HOUR = 1.0 / 24.0
RATE = 560.0 / HOUR


def table(macro):
    text = (BENCH / "scenes" / "workload_b.def").read_text()
    rows = re.findall(rf"^{macro}\((\w+), ([^,)]+)", text, re.MULTILINE)
    return [name for name, _ in rows], [float(value) for _, value in rows]


def infusions(bench):
    if bench == "ensemble_b":
        lines = []
        for start in (6.0, 6.5):
            lines.append(f"at time >= {start!r}: inf_toci = {RATE!r};")
            lines.append(f"at time >= {start + HOUR!r}: inf_toci = 0;")
        return "\n".join(lines)
    # Two events that move themselves on are cheaper than 104 that are watched all year.
    return (
        "next_start = 6; next_stop = 1e9;\n"
        f"at time >= next_start: inf_toci = {RATE!r}, next_stop = time + {HOUR!r}, next_start = next_start + 7;\n"
        "at time >= next_stop: inf_toci = 0, next_stop = 1e9;"
    )


def text_of(bench):
    """The model, the names that a row of PATIENTS sets, the columns asked for and their absolute tolerances."""
    if bench == "ensemble_a":
        names = ["rho", "tmax", "alpha", "beta", "fb", "toci", "E"]
        return (BENCH / "ensemble_a" / "stein_2019.ant").read_text(), names, ["level"], {"E": 1e-6, "M": 1e-6}
    states, atol = table("STATE")
    parameters, typical = table("PARAMETER")
    lines = [f"{n} = {v!r};" for n, v in zip(parameters, typical)] + [f"{n} = 0;" for n in states]
    text = "\n".join(lines) + "\n" + (BENCH / "ensemble_b" / "workload_b.ant").read_text() + infusions(bench) + "\n"
    return text, parameters + states, states, dict(zip(states, atol))


def load(bench):
    roadrunner.Config.setValue(roadrunner.Config.LLVM_BACKEND, roadrunner.Config.LLJIT)
    text, names, columns, atol = text_of(bench)
    antimony.clearPreviousLoads()
    if antimony.loadAntimonyString("model workload\n" + text + "end\n") < 0:
        raise SystemExit(antimony.getLastError())
    runner = roadrunner.RoadRunner(antimony.getSBMLString("workload"))
    runner.timeCourseSelections = columns
    runner.integrator.setValue("stiff", True)
    runner.integrator.setValue("relative_tolerance", 1e-6)
    runner.integrator.setValue("maximum_num_steps", 1000000)
    for name, value in atol.items():
        runner.integrator.setIndividualTolerance(name, value)
    return runner, names


def main():
    if sys.argv[1:] == ["--version"]:
        print(f"{roadrunner.__version__} from PyPI, LLJIT")
        return
    bench, patients, count, answers = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    runner, names = load(bench)
    rows = np.fromfile(patients).reshape(count, len(names))
    model = runner.model
    ids = list(model.getGlobalParameterIds())
    # A reset leaves parameters that events have changed as they are.
    fresh = {"ensemble_a": {"contracting": 0.0}, "ensemble_b": {"inf_toci": 0.0}}.get(
        bench, {"inf_toci": 0.0, "next_start": 6.0, "next_stop": 1e9}
    )
    rows = np.hstack([rows, np.tile(list(fresh.values()), (count, 1))])
    names = names + list(fresh)
    if bench == "ensemble_a":
        rows, names = np.hstack([rows, rows[:, :1]]), names + ["growth"]
    index = [ids.index(name) for name in names]
    out, failures = [], 0
    begin = time.process_time()
    for row in rows:
        runner.reset()
        model.setGlobalParameterValues(index, row)
        try:
            out.append(np.array(runner.simulate(0, 365, 366)))
        except RuntimeError:
            failures += 1
            out.append(np.full((366, len(runner.timeCourseSelections)), np.nan))
    spent = time.process_time() - begin
    np.concatenate(out).tofile(answers)
    print(json.dumps({"cpu_seconds": spent, "failures": failures}))


if __name__ == "__main__":
    main()
