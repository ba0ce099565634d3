# How every target is compiled: the language, the warnings, the arithmetic, and the tools that make a build quick.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, RelWithDebInfo or Debug" FORCE)
endif()

# Same seed, same bits: the compiler must not contract a*b+c on its own.
add_library(carina_flags INTERFACE)
target_compile_options(carina_flags INTERFACE -ffp-contract=off
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>            # g++ 12 warns falsely on std::string + "text" (GCC bug 105651)
  $<$<CXX_COMPILER_ID:Clang>:-Wno-string-conversion>  # CARINA_CHECK(!"why this cannot be")
  $<$<BOOL:${PROJECT_IS_TOP_LEVEL}>:-Werror>)

set(CARINA_SANITIZE "" CACHE STRING "Sanitizers of every target, such as address,undefined")
if(CARINA_SANITIZE)
  add_compile_options(-fsanitize=${CARINA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${CARINA_SANITIZE})
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# The version and the commit, for src/base/installation.cpp.
add_custom_target(carina_version_file COMMENT "" BYPRODUCTS ${PROJECT_BINARY_DIR}/generated/carina_version.inc
  COMMAND ${CMAKE_COMMAND} -D SOURCE_DIR=${PROJECT_SOURCE_DIR} -D VERSION=${PROJECT_VERSION}
    -D OUTPUT=${PROJECT_BINARY_DIR}/generated/carina_version.inc -P ${PROJECT_SOURCE_DIR}/cmake/version.cmake)
add_library(carina_version INTERFACE)
add_dependencies(carina_version carina_version_file)
target_include_directories(carina_version INTERFACE ${PROJECT_BINARY_DIR}/generated)

# The build folder looks like an installed tree to a program in it.
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/share/carina)
foreach(folder models products patients trials calibrations fits scenarios)
  if(EXISTS ${PROJECT_SOURCE_DIR}/${folder})
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${PROJECT_BINARY_DIR}/share/carina/${folder} SYMBOLIC)
  endif()
endforeach()
