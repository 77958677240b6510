using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Talweg.Mutate;

/// <summary>Puts many mutants into one file, each asleep until its number is called.</summary>
/// <remarks>An expression e becomes (ActiveMutant.Is(n) ? changed : e), so that one build serves all mutants.</remarks>
internal sealed class Implanter(ILookup<SyntaxNode, Mutant> mutants, SemanticModel model) : CSharpSyntaxRewriter
{
    /// <summary>Marks what a mutant put there, for errors of the compiler to be traced to it.</summary>
    public const string Mark = "mutant";

    /// <inheritdoc/>
    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        var visited = base.Visit(node);
        return node switch
        {
            ExpressionStatementSyntax statement => mutants[node].Concat(mutants[statement.Expression]).Aggregate((StatementSyntax)visited!, Choice),
            ExpressionSyntax expression when node.Parent is not ExpressionStatementSyntax => mutants[node].Aggregate((ExpressionSyntax)visited!, (ExpressionSyntax inner, Mutant mutant) => Choice(inner, mutant, expression)),
            _ => visited,
        };
    }

    private static StatementSyntax Choice(StatementSyntax visited, Mutant mutant)
    {
        var changed = mutant.Replacement is ExpressionSyntax replacement
            ? SyntaxFactory.Block(SyntaxFactory.ExpressionStatement(replacement.NormalizeWhitespace()))
            : SyntaxFactory.Block();
        return Marked(SyntaxFactory.IfStatement(Asks(mutant), changed, SyntaxFactory.ElseClause(SyntaxFactory.Block(visited.WithoutTrivia()))).WithTriviaFrom(visited), mutant);
    }

    private ParenthesizedExpressionSyntax Choice(ExpressionSyntax visited, Mutant mutant, ExpressionSyntax original)
    {
        var changed = ((ExpressionSyntax)mutant.Replacement!).NormalizeWhitespace();
        var choice = SyntaxFactory.ConditionalExpression(Asks(mutant), Cast(changed, original), visited.WithoutTrivia());
        return Marked(SyntaxFactory.ParenthesizedExpression(choice).WithTriviaFrom(visited), mutant);
    }

    /// <summary>A literal in place of a byte, say, loses its way into that type together with its constant value.</summary>
    private ExpressionSyntax Cast(ExpressionSyntax changed, ExpressionSyntax original)
    {
        var types = model.GetTypeInfo(original);
        return original is LiteralExpressionSyntax && types is { ConvertedType: { } converted, Type: { } own } && !SymbolEqualityComparer.Default.Equals(own, converted)
            ? SyntaxFactory.CastExpression(SyntaxFactory.ParseTypeName(converted.ToDisplayString()), SyntaxFactory.ParenthesizedExpression(changed))
            : changed;
    }

    private static T Marked<T>(T node, Mutant mutant) where T : SyntaxNode =>
        node.WithAdditionalAnnotations(new SyntaxAnnotation(Mark, mutant.Number.ToString(CultureInfo.InvariantCulture)));

    private static ExpressionSyntax Asks(Mutant mutant) => SyntaxFactory.ParseExpression($"global::Talweg.Mutate.ActiveMutant.Is({mutant.Number})");
}
