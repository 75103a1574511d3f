# The solution as Colab saves it: cell ids in the metadata, an old minor version, no metadata of
# Otter's; with the cells that people add there. It earns all points.
# base: solution
# editor: colab

# %% end
!pip install -q otter-grader
# %% end
from google.colab import drive  # there is none where it is graded
drive.mount("/content/drive")
# %% end
%matplotlib inline
%time np.zeros(3)
