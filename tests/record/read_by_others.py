"""Reads the recording that tests/record/read_by_others.cpp writes, with h5py and, where it is installed, xarray."""

import importlib.util
import math
import sys

if importlib.util.find_spec("h5py") is None or importlib.util.find_spec("numpy") is None:
    sys.exit(3)
import h5py
import numpy

if sys.argv[1] == "--can":
    sys.exit(0)
path = sys.argv[1]


def transgene(number, t):
    if number % 17 == 3 and t == 2:
        return math.nan
    return number * 7 % 31 / 3.0 + t * 0.1


expected = numpy.array([[transgene(i, t) for t in range(4)] for i in range(15)])

with h5py.File(path) as file:
    assert file.attrs["format"] == "carina recording"
    assert file.attrs["seed"] == 18446744073709551615
    assert file.attrs["scenario"].startswith("scenario = 1")
    group = file["trajectories"]
    values = group["transgene"]
    assert values.shape == (15, 4) and values.dtype == numpy.float64
    assert numpy.array_equal(values[:], expected, equal_nan=True)
    assert values.attrs["units"] == "1/ug" and values.attrs["long_name"] == "copies"
    assert [dimension[0].name for dimension in values.dims] == ["/trajectories/individual", "/trajectories/time"]
    assert list(group["time"]) == [0, 1, 2, 4] and group["time"].attrs["units"] == "day"
    assert list(file["individuals"]["site"].asstr()[:2]) == ["caf\u00e9", 'marrow, "left"']
    assert file["individuals"]["status"].attrs["flag_meanings"] == "ok step_too_small"
    assert list(file["individuals"]["status"].attrs["flag_values"]) == [0, 1]
    assert file["individuals"]["weight"].dtype == numpy.float32
    assert file["summary"]["chunks"][0] == 3
print("h5py", h5py.__version__, "read it")

engines = [engine for engine, module in (("h5netcdf", "h5netcdf"), ("netcdf4", "netCDF4")) if importlib.util.find_spec(module)]
if importlib.util.find_spec("xarray") is None or not engines:
    print("xarray: not installed with h5netcdf or netCDF4")
    sys.exit(0)
import xarray

for engine in engines:
    with xarray.open_dataset(path, group="trajectories", engine=engine) as data:
        assert data["transgene"].dims == ("individual", "time"), data
        assert numpy.array_equal(data["transgene"].sel(time=4), expected[:, 3], equal_nan=True)
        assert list(data["individual"].values) == list(range(15))
    with xarray.open_dataset(path, group="doses", engine=engine) as data:
        assert data["time"].dims == ("dose",) and list(data["into"].values) == ["eb", "toci"], data
    print("xarray", xarray.__version__, "with", engine, "read it")
