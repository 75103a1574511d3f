# The solution as VS Code saves it. It earns all points.
# base: solution
# editor: vscode

# %% end
%pip install --quiet numpy
# %% end
%load_ext autoreload
%autoreload 2
