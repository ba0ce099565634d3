# find_package(carina): the rooms as carina::scenario, carina::record and so on, with what they need.
include(${CMAKE_CURRENT_LIST_DIR}/CarinaLibraries.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/carina-targets.cmake)
