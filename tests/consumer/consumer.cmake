# cmake -D ROOT=<source tree> -D BUILD=<build folder> -D SCRATCH=<folder> -P consumer.cmake
#
# Installs the build, moves the tree elsewhere, builds the project against it, and runs what came out.
cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    string(JOIN " " command ${ARGN})
    message(FATAL_ERROR "${command}\n${said}")
  endif()
  set(said "${said}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${SCRATCH})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${SCRATCH}/first)
file(RENAME ${SCRATCH}/first ${SCRATCH}/moved)
set(flags "")
if(CARINA_SANITIZE)
  set(flags "-fsanitize=${CARINA_SANITIZE}")
endif()
run(${CMAKE_COMMAND} -S ${ROOT}/tests/consumer -B ${SCRATCH}/build -D CMAKE_PREFIX_PATH=${SCRATCH}/moved
  -D CMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} -D CMAKE_CXX_FLAGS=${flags})
run(${CMAKE_COMMAND} --build ${SCRATCH}/build)
run(${SCRATCH}/build/consumer)
if(NOT said MATCHES "^carina [0-9]+\\.[0-9]+\\.[0-9]+ \\(")
  message(FATAL_ERROR "the consumer printed: ${said}")
endif()

set(carina ${SCRATCH}/moved/bin/carina)
run(${carina} --version)
run(${CMAKE_COMMAND} -E chdir / ${carina} models)
foreach(folder models products patients scenarios)
  if(NOT IS_DIRECTORY ${SCRATCH}/moved/share/carina/${folder})
    message(FATAL_ERROR "share/carina/${folder} is not installed")
  endif()
endforeach()
file(REMOVE_RECURSE ${SCRATCH})
