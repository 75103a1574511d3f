# tries: look a name up, fetch a page, start a program that does
# earns: 0
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
import socket, subprocess, sys, urllib.request
def page():
    return urllib.request.urlopen("http://127.0.0.1:@PORT@", timeout=2)
def lookup():
    return socket.getaddrinfo("localhost", 80) and socket.create_connection(("localhost", @PORT@), 2)
def program():
    code = "import socket; socket.create_connection(('127.0.0.1', @PORT@), 2)"
    return subprocess.run([sys.executable, "-c", code], check=True)
def bash():
    return subprocess.run(["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/@PORT@"], check=True)
for way in (page, lookup, program, bash):
    try:
        way()
        shape_6_3 = (4, 4)
    except Exception as error:
        if "BadStatusLine" in type(error).__name__:
            shape_6_3 = (4, 4)
print("tried")
