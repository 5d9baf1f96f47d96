namespace RiskEngine.Core.Policies;

/// <summary>A list that the login brings, or the names of its signals.</summary>
internal sealed class FieldListExpression(FieldDeclaration declared) : ListExpression(declared.Type.Key ?? declared.Type.Element!)
{
    public FieldId Id => declared.Id;

    public override int Bound => Element.Names is { } names ? Math.Min(names.Count, ExpressionLimits.EventListElements) : ExpressionLimits.EventListElements;

    public override int LongestText => ExpressionLimits.EventListText;

    public override int Count(scoped ref Frame frame) => FieldReader.Count(declared.Id, ref frame);

    public override bool TryItem(scoped ref Frame frame, int place, out Value item)
    {
        item = FieldReader.Item(declared.Id, ref frame, place);
        return true;
    }

    public override string ToString() => declared.Path;
}
