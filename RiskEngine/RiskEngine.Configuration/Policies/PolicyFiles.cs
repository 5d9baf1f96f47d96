using RiskEngine.Configuration.Yaml;

namespace RiskEngine.Configuration;

/// <summary>Reads a policy and the files it includes into one tree, in which everything has the form that the binder knows.</summary>
/// <remarks>
/// Names of files are relative to the file that names them, and lie below the folder of the first one: a policy is no way to read other files. A file is
/// read once, however often it is included.
/// </remarks>
internal sealed class PolicyFiles(FaultList faults)
{
    public const int MaximumFiles = 64;

    public const int MaximumDepth = 8;

    /// <summary>Characters of all files together.</summary>
    public const int MaximumLength = 4 * 1024 * 1024;

    /// <summary>What to do about a file that is too large.</summary>
    public const string Remedy = "split it into files that include: names, and put long lists into files of their own (lists.NAME.file, an entry a line)";

    private static readonly string[] Parts = ["rules", "trusted_networks", "lists", "variables", "include"];

    private readonly List<string> _read = [];
    private readonly List<(string Path, string Name)> _chain = [];
    private string _folder = "";
    private int _length;

    /// <summary>Gets the full paths of every file read or tried, in order: those to watch.</summary>
    public IReadOnlyList<string> Read => _read;

    /// <summary>The tree of a policy.</summary>
    /// <param name="name">What faults call it.</param>
    /// <param name="path">Its full path; null for a text that stands in no file, which includes files of the current folder.</param>
    public MappingNode? Load(string text, string name, string? path)
    {
        if (path is not null) _read.Add(path);
        _folder = Path.GetDirectoryName(path ?? Path.GetFullPath(name))!;
        return Tree(text, name, path ?? Path.GetFullPath(name), isWhole: true) is { } root ? root with { Entries = root.Entries.Where(entry => entry.Key != "include").ToDictionary() } : null;
    }

    /// <summary>Whether a full path lies in a folder or in one below it.</summary>
    public static bool IsBelow(string path, string folder) => path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private MappingNode? Tree(string text, string name, string path, bool isWhole)
    {
        _length += text.Length;
        if (YamlTree.Parse(text, name, faults) is not { } root) return null;
        foreach (var (key, node) in root.Entries.Where(entry => !isWhole && !Parts.Contains(entry.Key)))
            faults.Add(node.Place, key, $"an included file has {string.Join(", ", Parts)}; {key} stands in the file that is named under policy.file");
        _chain.Add((path, name));
        var merged = new Merged(faults);
        foreach (var include in Included(root)) Include(include, path, merged);
        _chain.RemoveAt(_chain.Count - 1);
        merged.Add(PolicyNodes.InOneForm(root, Path.GetDirectoryName(path)!, _folder, _read, faults));
        return root with { Entries = merged.Entries };
    }

    private static IReadOnlyList<Node> Included(MappingNode root) => root.Entries.GetValueOrDefault("include") switch
    {
        null => [],
        SequenceNode sequence => sequence.Items,
        var single => [single],
    };

    private void Include(Node include, string from, Merged merged)
    {
        if (include is not ScalarNode { IsNothing: false } named)
        {
            faults.Add(include.Place, "include", $"expected the name of a file, found {include.Describe()}");
            return;
        }

        var path = Path.GetFullPath(named.Value, Path.GetDirectoryName(from)!);
        if (Path.IsPathRooted(named.Value)) Refuse("expected a name relative to this file");
        else if (!IsBelow(path, _folder)) Refuse($"expected a file below {_folder}, the folder of the policy; copy it there");
        else if (_chain.FindIndex(each => each.Path == path) is >= 0 and var circle) Refuse($"files include each other in a circle: {string.Join(" → ", [.. _chain.Skip(circle).Select(each => each.Name), named.Value])}");
        else if (_chain.Count >= MaximumDepth) Refuse($"files include each other more than {MaximumDepth} levels deep");
        else if (_read.Contains(path)) return;
        else if (_read.Count >= MaximumFiles) Refuse($"a policy has at most {MaximumFiles} files");
        else if (_length > MaximumLength) Refuse($"the files of a policy have at most {MaximumLength / 1024 / 1024} MiB together");
        else ReadFile(path);

        void Refuse(string message) => faults.Add(named.Place, "include", $"{message}, found \"{named.Value}\"");

        void ReadFile(string file)
        {
            _read.Add(file);
            if (!File.Exists(file)) Refuse("there is no such file");
            else if (YamlText.Read(file, faults, Remedy) is { } text && Tree(text, Name(file), file, isWhole: false) is { } tree) merged.Add(tree);
        }
    }

    /// <summary>What faults call an included file: its path from the folder of the first one.</summary>
    private string Name(string path) => Path.GetRelativePath(Path.GetDirectoryName(_chain[0].Path)!, path);

    /// <summary>Keys of several files as of one: lists one after the other, names side by side. What cannot be put together is told, and nothing gives way to nothing.</summary>
    private sealed class Merged(FaultList faults)
    {
        public Dictionary<string, Node> Entries { get; } = [];

        public void Add(MappingNode root)
        {
            foreach (var (key, node) in root.Entries)
            {
                if (!Entries.TryGetValue(key, out var earlier) || earlier is ScalarNode { IsNothing: true } || key == "include") Entries[key] = node;
                else if (node is ScalarNode { IsNothing: true }) continue;
                else if (earlier is SequenceNode first && node is SequenceNode second) Entries[key] = second with { Items = [.. first.Items, .. second.Items] };
                else if (earlier is MappingNode names && node is MappingNode more) Entries[key] = Join(names, more, key);
                else Refuse(key, earlier, node);
            }
        }

        private void Refuse(string key, Node earlier, Node node)
        {
            Tell(earlier, node);
            Tell(node, earlier);

            void Tell(Node at, Node other) =>
                faults.Add(at.Place, key, $"{at.Describe()} here and {other.Describe()} in {other.Place.Source} on line {other.Place.Line}; all files of a policy give it in one form, as docs/policy.md has it");
        }

        private MappingNode Join(MappingNode names, MappingNode more, string key)
        {
            var entries = new Dictionary<string, Node>(names.Entries);
            foreach (var (name, node) in more.Entries)
            {
                if (!entries.TryAdd(name, node)) faults.Add(node.Place, $"{key}.{name}", $"given twice, first in {entries[name].Place.Source} on line {entries[name].Place.Line}; rename one");
            }

            return more with { Entries = entries };
        }
    }
}
