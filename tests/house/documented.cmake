# cmake -D ROOT=<source tree> -D SCRATCH=<folder> -P documented.cmake: the documentation gate stops an undocumented public name.
cmake_minimum_required(VERSION 3.25)

function(expect code header)
  file(REMOVE_RECURSE ${SCRATCH})
  file(WRITE ${SCRATCH}/src/planted.h "/// @file\n/// Planted.\n#pragma once\n${header}")
  file(READ ${ROOT}/docs/Doxyfile gate)
  file(WRITE ${SCRATCH}/Doxyfile "${gate}\nOUTPUT_DIRECTORY = .\n")
  execute_process(COMMAND doxygen Doxyfile WORKING_DIRECTORY ${SCRATCH} RESULT_VARIABLE got ERROR_VARIABLE said)
  if(NOT got EQUAL code)
    message(SEND_ERROR "doxygen ended with ${got}, not ${code}, for: ${header}\n${said}")
  endif()
endfunction()

expect(0 "/// Adds.\nint add(int a, int b);\n")
expect(1 "int add(int a, int b);\n")
expect(1 "/// A pair.\nstruct Pair {\n  int first;\n};\n")
expect(1 "namespace carina {\n/// Colours.\nenum class Colour { Red };\nbool warm(Colour colour);\n}\n")
