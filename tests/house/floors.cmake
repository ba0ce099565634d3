# cmake -D ROOT=<source tree> -D SCRATCH=<folder> -P floors.cmake: plants wrong includes and expects the check to name each.
cmake_minimum_required(VERSION 3.25)

function(expect_refusal file header message)
  file(REMOVE_RECURSE ${SCRATCH})
  file(COPY ${ROOT}/src ${ROOT}/doors DESTINATION ${SCRATCH})
  file(WRITE ${SCRATCH}/${file} "// a planted file\n\n#include \"base/check.h\"\n  #  include \"${header}\"\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -D ROOT=${SCRATCH} -P ${ROOT}/cmake/check_floors.cmake
    ERROR_VARIABLE said RESULT_VARIABLE code)
  if(code EQUAL 0 OR NOT said MATCHES "(^|\n)${file}:4: ${message}\n")
    message(SEND_ERROR "${header} in ${file} was not refused with '${message}', but with code ${code}: ${said}")
  endif()
endfunction()

expect_refusal(src/base/planted.cpp "model/model.h" "base must not include model/model.h")
expect_refusal(src/stats/planted.h "record/table.h" "stats must not include record/table.h")
expect_refusal(src/record/impl/planted.cpp "stats/moments.h" "record must not include stats/moments.h")
expect_refusal(src/scenario/planted.cpp "ensemble/impl/vm.h" "scenario must not include ensemble/impl/vm.h")
expect_refusal(src/figures/planted.cpp "ensemble/status.h" "figures must not include ensemble/status.h")
expect_refusal(doors/cli/planted.cpp "ensemble/integrate.h" "cli must not include ensemble/integrate.h")
expect_refusal(src/expr/planted.cpp "../model/model.h" "expr must not include ../model/model.h")

# A file that keeps to the floors passes.
file(REMOVE_RECURSE ${SCRATCH})
file(COPY ${ROOT}/src ${ROOT}/doors DESTINATION ${SCRATCH})
file(WRITE ${SCRATCH}/src/ensemble/planted.cpp "#include \"model/model.h\"\n#include \"ensemble/impl/vm.h\"\n#include <vector>\n")
execute_process(COMMAND ${CMAKE_COMMAND} -D ROOT=${SCRATCH} -P ${ROOT}/cmake/check_floors.cmake COMMAND_ERROR_IS_FATAL ANY)

# A room that names one of its own floor or above stops the configuration.
file(WRITE ${SCRATCH}/room.cmake "set_property(GLOBAL PROPERTY carina_floor_model 2)\n"
  "include(${ROOT}/cmake/CarinaModule.cmake)\ncarina_module(stats FLOOR 2 USES model)\n")
execute_process(COMMAND ${CMAKE_COMMAND} -P ${SCRATCH}/room.cmake ERROR_VARIABLE said RESULT_VARIABLE code)
if(code EQUAL 0 OR NOT said MATCHES "stats \\(floor 2\\) must not use model \\(floor 2\\)")
  message(SEND_ERROR "a wrong floor was not refused: ${said}")
endif()
