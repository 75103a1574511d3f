# tries: hand in a zip whose notebook is a link to the tests
# earns: 0
# ends: rejected
# file: links.zip
import io, zipfile
def make(blank):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("intro_convnets.ipynb")
        info.create_system = 3
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "@UPLOAD@/tests/q2_3.py")
    return out.getvalue()
