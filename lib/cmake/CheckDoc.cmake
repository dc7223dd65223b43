# cmake -DGENERATED=FILE -DCOMMITTED=FILE -P CheckDoc.cmake: fails where a
# reference page differs from what TableGen makes of the sources.
execute_process(
  COMMAND "${CMAKE_COMMAND}" -E compare_files "${GENERATED}" "${COMMITTED}"
  RESULT_VARIABLE differs ERROR_QUIET)
if(differs)
  message(FATAL_ERROR
    "${COMMITTED} is not what the .td files say now: run tools/dev.sh docs")
endif()
