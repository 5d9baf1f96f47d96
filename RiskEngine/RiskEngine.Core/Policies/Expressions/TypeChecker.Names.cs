namespace RiskEngine.Core.Policies;

/// <content>Fields, lists, variables and the variables of macros.</content>
internal sealed partial class TypeChecker
{
    private Expression Name(NameSyntax name)
    {
        var level = _locals.FindLastIndex(local => local.Name == name.Name);
        if (level >= 0) return new LocalExpression(_locals[level].Type, level, _locals[level].LongestText);
        if (NameSet.Levels.TryFind(name.Name, out var code, out _)) return ConstantExpression.Of(NameSet.Levels, code);
        if (name.Name == "signals") throw Fault(name, "signals is a map; ask \"password_spray\" in signals, or signals.password_spray >= 2.0");
        if (_scope.Schema.Groups.Contains(name.Name))
            throw Fault(name, $"{name.Name} is a group of fields: {string.Join(", ", _scope.Schema.Fields.Keys.Where(path => path.StartsWith(name.Name + ".", StringComparison.Ordinal)))}");
        throw Fault(name, Unknown(name.Name));
    }

    private string Unknown(string name)
    {
        var fields = _scope.Schema.Fields.Keys;
        string? path = fields.FirstOrDefault(each => each.EndsWith("." + name, StringComparison.Ordinal)) ?? NearestName.Of(name, [.. _scope.Schema.Groups, "signals", "lists", "variables", .. NameSet.Levels.All])
            ?? NearestName.Of(name, NameSet.Signals.All) switch { { } signal => $"signals.{signal}", _ => null };
        return $"nothing is called \"{name}\"{(path is null ? "; texts stand in quotes" : $"; did you mean {path}?")}";
    }

    private Expression Select(SelectSyntax select)
    {
        if (select.Target is not NameSyntax { Name: var group } || _locals.Exists(local => local.Name == group)) return SelectKey(select);
        switch (group)
        {
            case "signals": return new SignalContributionExpression(Signal(select.NameOffset, select.Name));
            case "lists": return ListOf(select);
            case "variables": return Variable(select);
        }

        var path = $"{group}.{select.Name}";
        if (_scope.Schema.Fields.TryGetValue(path, out var declared))
            return declared.Type.IsAggregate ? new FieldListExpression(declared) : new FieldExpression(declared);
        var known = _scope.Schema.Fields.Keys;
        if (_scope.Schema.Groups.Contains(group))
        {
            var inGroup = known.Where(each => each.StartsWith(group + ".", StringComparison.Ordinal)).Select(each => each[(group.Length + 1)..]).ToList();
            var elsewhere = known.FirstOrDefault(each => each.EndsWith("." + select.Name, StringComparison.Ordinal));
            throw new ExpressionException(select.NameOffset, $"{group} has no field \"{select.Name}\"{(elsewhere is null ? NearestName.Suggest(select.Name, inGroup) : $"; did you mean {elsewhere}?")}");
        }

        throw Fault(select, NearestName.Of(path, known) is { } nearest ? $"nothing is called \"{path}\"; did you mean {nearest}?" : Unknown(group));
    }

    private Expression SelectKey(SelectSyntax select) => select.Target is MapSyntax map
        ? MapIndex(map, select, ConstantExpression.Of(select.Name))
        : throw new ExpressionException(select.NameOffset, $"{Check(select.Target).Type} has no fields, so no \"{select.Name}\"");

    private static ConstantExpression Signal(int offset, string name) =>
        NameSet.Signals.TryFind(name, out var code, out var error) ? ConstantExpression.Of(NameSet.Signals, code) : throw new ExpressionException(offset, error!);

    private ListExpression ListOf(SelectSyntax select)
    {
        var list = Listed(select);
        return list.Until is null ? new ConstantListExpression(list.Element, list.Items, list.Name) : throw Fault(select, $"lists.{list.Name} has an end, so it can only be asked with in: x in lists.{list.Name}");
    }

    private NamedList Listed(SelectSyntax select) => _scope.Lists.GetValueOrDefault(select.Name)
        ?? throw new ExpressionException(select.NameOffset, $"no list is called \"{select.Name}\"{(_scope.Lists.Count == 0 ? "; this policy has none under lists" : NearestName.Suggest(select.Name, [.. _scope.Lists.Keys]))}");

    private Expression Variable(SelectSyntax select)
    {
        var (expression, error) = _scope.Variable(select.Name);
        return expression ?? throw new ExpressionException(select.NameOffset, error!);
    }

    private Expression Index(IndexSyntax index)
    {
        if (IsSignals(index.Target))
        {
            var key = Check(index.Index);
            if (key is ConstantExpression { Type.Kind: ExpressionKind.Text } text) key = ToName(index.Index, text, NameSet.Signals);
            return key.Type == ExpressionType.Of(NameSet.Signals) ? new SignalContributionExpression(key) : throw Fault(index.Index, $"expected the name of a signal, found {key.Type}");
        }

        if (index.Target is MapSyntax map) return MapIndex(map, index.Index, Check(index.Index));
        var target = Check(index.Target);
        if (target is not ListExpression list) throw Fault(index, $"only lists and maps have an index, found {target.Type}");
        return new ListIndexExpression(list, Check(index.Index, ExpressionType.Int, "an index counts from 0"));
    }

    private Expression MapIndex(MapSyntax syntax, Syntax keyAt, Expression key)
    {
        var map = Map(syntax);
        if (map.Values.Count == 0) throw Fault(syntax, "an empty map has no key to ask for");
        var keys = map.Keys;
        if (key.Type.Kind == ExpressionKind.Name && keys.Element == ExpressionType.Text) keys = Named(syntax, keys, key.Type.Names!, "a key");
        else (_, key) = Alike(syntax, keys.Items[0], keyAt, key);
        if (key.Type != keys.Element) throw Fault(keyAt, $"the keys of this map are of one type: expected {keys.Element}, found {key.Type}");
        return new MapIndexExpression(map with { Keys = keys }, key);
    }

    private MapLiteral Map(MapSyntax syntax)
    {
        List<ConstantExpression> keys = [];
        List<Expression> values = [];
        foreach (var (keyAt, valueAt) in syntax.Entries)
        {
            if (Check(keyAt) is not ConstantExpression { Type.Kind: ExpressionKind.Text or ExpressionKind.Int or ExpressionKind.Bool } key)
                throw Fault(keyAt, "a key is written out: a text, a whole number, true or false");
            if (keys.Count > 0 && key.Type != keys[0].Type) throw Fault(keyAt, $"the keys of a map are of one type: expected {keys[0].Type}, found {key.Type}");
            if (keys.Exists(earlier => earlier.ToString() == key.ToString())) throw Fault(keyAt, $"the key {key} stands here twice");
            var value = Check(valueAt);
            if (value.Type.IsAggregate) throw Fault(valueAt, "a map holds single values here, no lists");
            if (values.Count > 0) (_, value) = Alike(syntax, values[0], valueAt, value);
            if (values.Count > 0 && value.Type != values[0].Type) throw Fault(valueAt, $"the values of a map are of one type: expected {values[0].Type}, found {value.Type}");
            keys.Add(key);
            values.Add(value);
        }

        return new MapLiteral(new ConstantListExpression(keys.Count == 0 ? ExpressionType.Nothing : keys[0].Type, keys), values);
    }

    /// <summary>A list of texts as one of names of a closed set.</summary>
    private static ConstantListExpression Named(Syntax at, ConstantListExpression texts, NameSet names, string what)
    {
        List<ConstantExpression> items = [];
        foreach (var text in texts.Items)
        {
            if (!names.TryFind(text.Text, out var code, out var error)) throw Fault(at, $"{what} is wrong: {error}");
            items.Add(ConstantExpression.Of(names, code));
        }

        return new ConstantListExpression(ExpressionType.Of(names), items, texts.Name);
    }

    private static bool IsSignals(Syntax syntax) => syntax is NameSyntax { Name: "signals" };
}
