# What `cmake --install` puts into a prefix, which may be moved afterwards:
#
#   bin/                  the tools
#   include/norm/         headers, those from TableGen among them, and .td files
#   include/norm-c/       headers in C
#   lib/libnorm.so        the compiler in C
#   lib/libMLIRNorm*.a    the libraries
#   lib/libNormPlugin.so  the plugin, and libNormPluginCode.so, which it loads
#   lib/cmake/Norm/       what find_package(Norm) reads
#   lib/pkgconfig/        what pkg-config reads, of libnorm
include(CMakePackageConfigHelpers)
set(NORM_CMAKE_INSTALL_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/Norm")

# Installed tools find libMLIR where the built ones did.
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)

# Everything that is installed, for tests to depend on.
add_custom_target(norm-installed)

# norm_install(TARGET [EXPORT]): install a library or a tool, and export its target
# with NormTargets, or those of the name EXPORT.
function(norm_install target)
  set(export NormTargets)
  if(ARGC GREATER 1)
    set(export "${ARGV1}")
  endif()
  install(TARGETS ${target} EXPORT ${export}
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  add_dependencies(norm-installed ${target})
endfunction()

# norm_install_package(): install headers and what find_package(Norm) reads,
# after all targets.
function(norm_install_package)
  install(TARGETS MLIRNormHeaders MLIRNormUpstream EXPORT NormTargets)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/norm"
    "${PROJECT_SOURCE_DIR}/include/norm-c"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    FILES_MATCHING PATTERN "*.h" PATTERN "*.td")
  install(DIRECTORY "${PROJECT_BINARY_DIR}/include/norm"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    FILES_MATCHING PATTERN "*.inc"
    PATTERN CMakeFiles EXCLUDE)
  install(FILES "${PROJECT_SOURCE_DIR}/LICENSE"
    DESTINATION "${CMAKE_INSTALL_DOCDIR}")

  configure_package_config_file("${PROJECT_SOURCE_DIR}/lib/cmake/NormConfig.cmake.in"
    "${PROJECT_BINARY_DIR}/NormConfig.cmake"
    INSTALL_DESTINATION "${NORM_CMAKE_INSTALL_DIR}"
    PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_BINDIR)
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/NormConfigVersion.cmake"
    COMPATIBILITY SameMinorVersion)
  install(FILES
    "${PROJECT_BINARY_DIR}/NormConfig.cmake"
    "${PROJECT_BINARY_DIR}/NormConfigVersion.cmake"
    DESTINATION "${NORM_CMAKE_INSTALL_DIR}")
  # In a folder that is in nobody's CMAKE_MODULE_PATH by accident.
  install(FILES "${PROJECT_SOURCE_DIR}/lib/cmake/FindMinizip.cmake"
    DESTINATION "${NORM_CMAKE_INSTALL_DIR}/modules")
  install(EXPORT NormTargets DESTINATION "${NORM_CMAKE_INSTALL_DIR}")
  install(EXPORT NormCTargets DESTINATION "${NORM_CMAKE_INSTALL_DIR}")

  # By relative paths: the prefix may be moved.
  set(pkgconfig "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
  foreach(place IN ITEMS LIBDIR INCLUDEDIR)
    file(RELATIVE_PATH NORM_PKGCONFIG_${place} "/prefix/${pkgconfig}"
      "/prefix/${CMAKE_INSTALL_${place}}")
  endforeach()
  configure_file("${PROJECT_SOURCE_DIR}/lib/cmake/norm.pc.in"
    "${PROJECT_BINARY_DIR}/norm.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/norm.pc" DESTINATION "${pkgconfig}")
endfunction()
