@rem What `exec` is to a POSIX shell, for the npm scripts that use it so that signals reach the server itself.
@%*
