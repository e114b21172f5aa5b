"""The story of an import: read > map > normalise > stage > review > import > report > dispatch.

imports, leads, access     what one can do: use cases, each takes a transaction first
intake                     pure stages over Arrow record batches: reading, mapping, phones, normalising
storage                    the only SQL, the only object storage
jobs, worker               tasks of the queue, and the process that runs them
__main__                   the command line
"""
