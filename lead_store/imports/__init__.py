"""What one can do with an import, in the order in which it is done.

    receiving    receive > change_reading                a file becomes an import
    mapping      choose_column, draft_columns > map_columns    its columns feed fields
    requesting   request > receive_requested             a program's object becomes an import
    reviewing    prepare > stage > match > the review            every row is checked; nothing is written
    deciding     set_rule, decide_groups, ...            conflicts are decided by rule or one by one
    correcting   correct_cells, fix_alike; resubmitting: the rejected rows uploaded again
    running      start > begin > run_next_batch > finish; pause, resume, cancel
    undoing      undo > undo_next_batch > finish_undo    its effect is taken back
    reporting    the import object, rejected rows, history; cells: their rows as the file has them

Each takes the transaction first and never commits; pages, API, tasks and the command line open it.
"""

from lead_store.imports.cells import keep_cells, with_cells
from lead_store.imports.correcting import (
    Correction,
    apply_edits_again,
    correct_cells,
    fix_alike,
    preview_fix,
    preview_unknown_ranges,
)
from lead_store.imports.deciding import (
    FIELD_RULES,
    RULES,
    decide_addresses,
    decide_conflicts,
    decide_groups,
    set_field_rule,
    set_rule,
)
from lead_store.imports.drifting import decide_drift
from lead_store.imports.field_changes import FieldChanges, count_field_changes
from lead_store.imports.looking_closer import ask_for_closer_look, decide_hints, look_closer
from lead_store.imports.mapping import (
    choose_column,
    choose_phone_readings,
    draft_columns,
    get_mapping,
    map_columns,
    use_suggestion,
)
from lead_store.imports.receiving import change_reading, find_same_file, get_dialect, receive, write_upload_limit
from lead_store.imports.rejected_workbook import write_rejected_workbook
from lead_store.imports.reporting import as_safe_cell, describe, find_surplus, write_rejected_rows
from lead_store.imports.requesting import (
    Order,
    describe_requested,
    receive_requested,
    refuse,
    request,
    start_if_requested,
)
from lead_store.imports.resubmitting import find_corrected_import, receive_corrections
from lead_store.imports.reviewing import fail, finish_review, get_ledger, match, prepare, report_reading, stage
from lead_store.imports.running import begin, cancel, finish, pause, resume, run_next_batch, start
from lead_store.imports.undoing import (
    begin_undo,
    describe_undo,
    find_dispatches,
    finish_undo,
    get_organization_id,
    undo,
    undo_next_batch,
)
from lead_store.storage.addresses import search_addresses
from lead_store.storage.correcting import search_edits
from lead_store.storage.deciding import search_conflicts
from lead_store.storage.drifting import search_drift
from lead_store.storage.facts import KeyRange
from lead_store.storage.hints import search_hints
from lead_store.storage.import_queries import (
    Import,
    count_done_rows,
    count_imports,
    find_import,
    get_import,
    search_batches,
    search_history,
    search_imports,
)
from lead_store.storage.import_request_queries import ImportRequest, find_request
from lead_store.storage.lead_history import get_lead_history
from lead_store.storage.mapping_queries import SavedMapping, forget_mapping, search_saved_mappings
from lead_store.storage.matching import BUCKETS, FieldBit
from lead_store.storage.review_queries import (
    count_groups,
    search_differing,
    search_group_rows,
    search_groups,
    search_people,
    search_problems,
    search_repaired_rows,
    search_rows,
    search_updates,
)

__all__ = [
    "BUCKETS",
    "FIELD_RULES",
    "RULES",
    "Correction",
    "FieldBit",
    "FieldChanges",
    "Import",
    "ImportRequest",
    "KeyRange",
    "Order",
    "SavedMapping",
    "apply_edits_again",
    "as_safe_cell",
    "ask_for_closer_look",
    "begin",
    "begin_undo",
    "cancel",
    "change_reading",
    "choose_column",
    "choose_phone_readings",
    "correct_cells",
    "count_done_rows",
    "count_field_changes",
    "count_groups",
    "count_imports",
    "decide_addresses",
    "decide_conflicts",
    "decide_drift",
    "decide_groups",
    "decide_hints",
    "describe",
    "describe_requested",
    "describe_undo",
    "draft_columns",
    "fail",
    "find_corrected_import",
    "find_dispatches",
    "find_import",
    "find_request",
    "find_same_file",
    "find_surplus",
    "finish",
    "finish_review",
    "finish_undo",
    "fix_alike",
    "forget_mapping",
    "get_dialect",
    "get_import",
    "get_lead_history",
    "get_ledger",
    "get_mapping",
    "get_organization_id",
    "keep_cells",
    "look_closer",
    "map_columns",
    "match",
    "pause",
    "prepare",
    "preview_fix",
    "preview_unknown_ranges",
    "receive",
    "receive_corrections",
    "receive_requested",
    "refuse",
    "report_reading",
    "request",
    "resume",
    "run_next_batch",
    "search_addresses",
    "search_batches",
    "search_conflicts",
    "search_differing",
    "search_drift",
    "search_edits",
    "search_group_rows",
    "search_groups",
    "search_hints",
    "search_history",
    "search_imports",
    "search_people",
    "search_problems",
    "search_repaired_rows",
    "search_rows",
    "search_saved_mappings",
    "search_updates",
    "set_field_rule",
    "set_rule",
    "stage",
    "start",
    "start_if_requested",
    "undo",
    "undo_next_batch",
    "use_suggestion",
    "with_cells",
    "write_rejected_rows",
    "write_rejected_workbook",
    "write_upload_limit",
]
