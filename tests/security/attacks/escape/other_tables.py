# tries: make a forbidden call by its 32-bit number, which the filter does not list: int 0x80
# earns: 0
# ends: crashed graded
# reached: tried|signal SIGSYS
# needs: isolation
# %% q2_3
import ctypes, mmap, os
assert os.uname().machine == "x86_64"
# mov eax, 359 (socket); mov ebx, 1; mov ecx, 1; xor edx, edx; int 0x80; ret
code = b"\xb8\x67\x01\x00\x00\xbb\x01\x00\x00\x00\xb9\x01\x00\x00\x00\x31\xd2\x53\xcd\x80\x5b\xc3"
page = mmap.mmap(-1, 4096, prot=7)
page.write(code)
call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
if call() >= 0:
    shape_6_3 = (4, 4)
print("tried")
