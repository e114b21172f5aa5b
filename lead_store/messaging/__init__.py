"""Where dispatches go, and how anything goes out to addresses of others.

contract     what is handed over to Messaging, and what a target promises
targets      the target of this installation: files, or an HTTP service
templates    the text of a message with an organization's own columns
outbound     requests to addresses that users gave, to public hosts only
"""
