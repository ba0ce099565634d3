# `cmake --install`: a tree that may be moved. bin/carina finds ../share/carina, and find_package(carina) gives carina::<room>.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/carina)
get_property(rooms GLOBAL PROPERTY carina_rooms)
list(TRANSFORM rooms PREPEND carina_ OUTPUT_VARIABLE room_targets)
install(TARGETS ${room_targets} EXPORT carina)
install(EXPORT carina NAMESPACE carina:: FILE carina-targets.cmake DESTINATION ${package})
install(DIRECTORY src/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/carina
  FILES_MATCHING PATTERN "*.h" PATTERN "*.inc" PATTERN impl EXCLUDE)

write_basic_package_version_file(${PROJECT_BINARY_DIR}/carina-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/carina-config.cmake cmake/CarinaLibraries.cmake ${PROJECT_BINARY_DIR}/carina-config-version.cmake
  DESTINATION ${package})

foreach(folder models products patients trials calibrations fits scenarios)
  if(EXISTS ${PROJECT_SOURCE_DIR}/${folder})
    install(DIRECTORY ${folder} DESTINATION ${CMAKE_INSTALL_DATADIR}/carina)
  endif()
endforeach()
install(FILES LICENSE README.md TYPE DOC)
