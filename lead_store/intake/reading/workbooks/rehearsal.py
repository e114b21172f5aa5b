"""Opens each sheet of the workbook at a path; a program of its own, run by `rehearsing`.

It ends with 0, also where the workbook cannot be read: whoever opens it next is told why. What counts is that it ends,
and takes no more memory than it may. Of a workbook with a password it tells so.
"""

import resource
import sys

import python_calamine as calamine

MEMORY_BYTES = 1536 * 1024 * 1024
"""An XLS that is formatted to its last of 65,536 x 256 cells takes 1,200 MB, one with four million numbers 600."""
PROCESSOR_SECONDS = 20
HAS_PASSWORD = 3


def main() -> None:
    """Open the sheets within the bounds. Raises whatever calamine does, panics included."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    workbook = calamine.CalamineWorkbook.from_path(sys.argv[1])
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name)


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        raise
    except calamine.PasswordError:
        sys.exit(HAS_PASSWORD)
    except BaseException:  # A panic is no Exception.
        sys.exit(0)
