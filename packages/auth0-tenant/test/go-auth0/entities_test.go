package goauth0

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/auth0/go-auth0"
	"github.com/auth0/go-auth0/management"
)

func TestClients(t *testing.T) {
	api := open(t)
	client := newClient(t, api, "Reporting")
	if !regexp.MustCompile(`^[A-Za-z0-9]{64}$`).MatchString(client.GetClientSecret()) {
		t.Fatalf("no secret in the answer to POST: %v", client)
	}
	must(t, api.Client.Update(ctx, client.GetClientID(), &management.Client{Description: auth0.String("Nightly")}))
	read, err := api.Client.Read(ctx, client.GetClientID())
	must(t, err)
	want(t, "name", read.GetName(), "Reporting")
	want(t, "description", read.GetDescription(), "Nightly")
	want(t, "secret", read.GetClientSecret(), client.GetClientSecret())
	// What the provider asks for before it changes credentials.
	part, err := api.Client.Read(ctx, client.GetClientID(), management.IncludeFields("client_id", "app_type"))
	must(t, err)
	want(t, "application type", part.GetAppType(), "non_interactive")
	want(t, "name, which was not asked for", part.GetName(), "")
	rotated, err := api.Client.RotateSecret(ctx, client.GetClientID())
	must(t, err)
	if rotated.GetClientSecret() == client.GetClientSecret() {
		t.Fatal("the secret is still the old one")
	}
	must(t, api.Client.Delete(ctx, client.GetClientID()))
	_, err = api.Client.Read(ctx, client.GetClientID())
	wantError(t, err, 404, "The client does not exist")
	// Auth0 takes a client that is gone for deleted (go-auth0's recordings).
	must(t, api.Client.Delete(ctx, client.GetClientID()))
}

func TestClientList(t *testing.T) {
	api := open(t)
	created := map[string]bool{}
	for n := range 5 {
		created[newClient(t, api, fmt.Sprintf("Listed %d", n)).GetClientID()] = false
	}
	for page := 0; ; page++ {
		list, err := api.Client.List(ctx, management.Page(page), management.PerPage(2))
		must(t, err)
		for _, client := range list.Clients {
			if seen, known := created[client.GetClientID()]; known && seen {
				t.Fatalf("%s is on two pages", client.GetClientID())
			} else if known {
				created[client.GetClientID()] = true
			}
		}
		if !list.HasNext() {
			break
		}
	}
	for id, seen := range created {
		if !seen {
			t.Fatalf("%s is on no page", id)
		}
	}
}

func TestClientCredentials(t *testing.T) {
	api := open(t)
	id := newClient(t, api, "Signing").GetClientID()
	// The secret that somebody else has chosen, as auth0_client_credentials sets it.
	const chosen = "a secret that somebody else has chosen"
	must(t, api.Client.Update(ctx, id, &management.Client{ClientSecret: auth0.String(chosen)}))
	read, err := api.Client.Read(ctx, id)
	must(t, err)
	want(t, "secret", read.GetClientSecret(), chosen)

	credential := &management.Credential{
		Name:           auth0.String("first"),
		CredentialType: auth0.String("public_key"),
		PEM:            auth0.String(publicKey(t)),
		Algorithm:      auth0.String("RS256"),
	}
	must(t, api.Client.CreateCredential(ctx, id, credential))
	if !regexp.MustCompile(`^cred_`).MatchString(credential.GetID()) || credential.GetKeyID() == "" {
		t.Fatalf("no id or kid: %v", credential)
	}
	methods := &management.ClientAuthenticationMethods{PrivateKeyJWT: &management.PrivateKeyJWT{
		Credentials: &[]management.Credential{{ID: credential.ID}},
	}}
	attach := &clientAuthentication{Methods: methods}
	must(t, api.Request(ctx, "PATCH", api.URI("clients", id), attach))
	read, err = api.Client.Read(ctx, id)
	must(t, err)
	want(t, "secret, which Auth0 hides now", read.GetClientSecret(), "")
	want(t, "attached credential", (*read.GetClientAuthenticationMethods().GetPrivateKeyJWT().Credentials)[0].GetID(), credential.GetID())

	expires := time.Date(2040, 1, 2, 3, 4, 5, 0, time.UTC)
	must(t, api.Client.UpdateCredential(ctx, id, credential.GetID(), &management.Credential{ExpiresAt: &expires}))
	again, err := api.Client.GetCredential(ctx, id, credential.GetID())
	must(t, err)
	want(t, "expiry", again.GetExpiresAt().UTC(), expires)
	list, err := api.Client.ListCredentials(ctx, id)
	must(t, err)
	want(t, "number of credentials", len(list), 1)

	must(t, api.Request(ctx, "PATCH", api.URI("clients", id), &clientAuthentication{TokenEndpointAuthMethod: auth0.String("client_secret_post")}))
	must(t, api.Client.DeleteCredential(ctx, id, credential.GetID()))
	list, err = api.Client.ListCredentials(ctx, id)
	must(t, err)
	want(t, "number of credentials", len(list), 0)
}

// The two ways to authenticate, one of which must be null; go-auth0's Client leaves nulls out.
type clientAuthentication struct {
	Methods                 *management.ClientAuthenticationMethods `json:"client_authentication_methods"`
	TokenEndpointAuthMethod *string                                 `json:"token_endpoint_auth_method"`
}

func TestResourceServers(t *testing.T) {
	api := open(t)
	// A URL, which go-auth0 puts into the path of later requests.
	const identifier = "https://api.example/orders v1"
	server := newAPI(t, api, identifier)
	byIdentifier, err := api.ResourceServer.Read(ctx, identifier)
	must(t, err)
	want(t, "id", byIdentifier.GetID(), server.GetID())
	want(t, "token lifetime", byIdentifier.GetTokenLifetime(), 86400)
	scopes := &[]management.ResourceServerScope{{Value: auth0.String("read:invoices"), Description: auth0.String("Read invoices")}}
	must(t, api.ResourceServer.Update(ctx, identifier, &management.ResourceServer{Scopes: scopes}))
	read, err := api.ResourceServer.Read(ctx, server.GetID())
	must(t, err)
	want(t, "number of scopes, which are replaced", len(read.GetScopes()), 1)
	want(t, "scope", *read.GetScopes()[0].Value, "read:invoices")
	list, err := api.ResourceServer.List(ctx)
	must(t, err)
	found := false
	for _, one := range list.ResourceServers {
		found = found || one.GetIdentifier() == identifier
	}
	want(t, "found in the list", found, true)
	must(t, api.ResourceServer.Delete(ctx, server.GetID()))
	_, err = api.ResourceServer.Read(ctx, server.GetID())
	wantError(t, err, 404, "The resource server does not exist")
}

func TestClientGrants(t *testing.T) {
	api := open(t)
	const audience = "https://api.example/grants"
	newAPI(t, api, audience)
	client := newClient(t, api, "Granted")
	grant := newGrant(t, api, client, audience)
	must(t, api.ClientGrant.Update(ctx, grant.GetID(), &management.ClientGrant{Scope: &[]string{"read:orders", "write:orders"}}))
	read, err := api.ClientGrant.Read(ctx, grant.GetID())
	must(t, err)
	want(t, "number of scopes", len(read.GetScope()), 2)
	want(t, "organization usage", read.GetOrganizationUsage(), "require")
	want(t, "kind of subject", read.GetSubjectType(), "client")
	// How the provider looks for a grant that it could adopt.
	list, err := api.ClientGrant.List(ctx, management.Parameter("audience", audience), management.Parameter("client_id", client.GetClientID()))
	must(t, err)
	want(t, "number of grants", len(list.ClientGrants), 1)
	want(t, "grant", list.ClientGrants[0].GetID(), grant.GetID())
	again := &management.ClientGrant{ClientID: client.ClientID, Audience: auth0.String(audience), Scope: &[]string{}}
	wantError(t, api.ClientGrant.Create(ctx, again), 409, "already exists")
	must(t, api.ClientGrant.Delete(ctx, grant.GetID()))
	_, err = api.ClientGrant.Read(ctx, grant.GetID())
	wantError(t, err, 404, "The grant does not exist")
	// Deleting it once more is no error, unlike with all others.
	must(t, api.ClientGrant.Delete(ctx, grant.GetID()))
}

func TestOrganizations(t *testing.T) {
	api := open(t)
	organization := newOrganization(t, api, "acme")
	change := &management.Organization{
		DisplayName: auth0.String("Acme"),
		Metadata:    &map[string]string{"tier": "gold"},
	}
	must(t, api.Organization.Update(ctx, organization.GetID(), change))
	read, err := api.Organization.ReadByName(ctx, "acme")
	must(t, err)
	want(t, "id", read.GetID(), organization.GetID())
	want(t, "display name", read.GetDisplayName(), "Acme")
	want(t, "metadata", read.GetMetadata()["tier"], "gold")
	wantError(t, api.Organization.Create(ctx, &management.Organization{Name: auth0.String("acme")}), 409, "already exists")
	must(t, api.Organization.Delete(ctx, organization.GetID()))
	_, err = api.Organization.Read(ctx, organization.GetID())
	wantError(t, err, 404, "No organization found by that id or name")
	wantError(t, api.Organization.Delete(ctx, organization.GetID()), 404, "")
}

func TestOrganizationList(t *testing.T) {
	api := open(t)
	for n := range 5 {
		newOrganization(t, api, fmt.Sprintf("listed-%d", n))
	}
	seen := map[string]int{}
	options := []management.RequestOption{management.Take(2)}
	for {
		list, err := api.Organization.List(ctx, options...)
		must(t, err)
		for _, one := range list.Organizations {
			seen[one.GetName()]++
		}
		if !list.HasNext() {
			break
		}
		options = []management.RequestOption{management.Take(2), management.From(list.Next)}
	}
	for n := range 5 {
		want(t, fmt.Sprintf("times that listed-%d is seen", n), seen[fmt.Sprintf("listed-%d", n)], 1)
	}
}

func TestOrganizationClientGrants(t *testing.T) {
	api := open(t)
	const audience = "https://api.example/organizations"
	newAPI(t, api, audience)
	organization := newOrganization(t, api, "granted")
	grant := newGrant(t, api, newClient(t, api, "Customer"), audience)
	must(t, api.Organization.AssociateClientGrant(ctx, organization.GetID(), grant.GetID()))
	grants, err := api.Organization.ClientGrants(ctx, organization.GetID())
	must(t, err)
	want(t, "number of grants", len(grants.ClientGrants), 1)
	want(t, "grant", grants.ClientGrants[0].GetID(), grant.GetID())
	organizations, err := api.ClientGrant.Organizations(ctx, grant.GetID())
	must(t, err)
	want(t, "organization of the grant", organizations.Organizations[0].GetID(), organization.GetID())
	err = api.Organization.AssociateClientGrant(ctx, organization.GetID(), grant.GetID())
	wantError(t, err, 409, "already been added")
	must(t, api.Organization.RemoveClientGrant(ctx, organization.GetID(), grant.GetID()))
	grants, err = api.Organization.ClientGrants(ctx, organization.GetID())
	must(t, err)
	want(t, "number of grants", len(grants.ClientGrants), 0)
}

func TestOrganizationMembers(t *testing.T) {
	api := open(t)
	organization := newOrganization(t, api, "members")
	user := &management.User{
		Connection: auth0.String("Username-Password-Authentication"),
		Email:      auth0.String("ada@members.example"),
		Password:   auth0.String("correct horse"),
	}
	must(t, api.User.Create(ctx, user))
	must(t, api.Organization.AddMembers(ctx, organization.GetID(), []string{user.GetID()}))
	// With the provider's own query.
	members, err := api.Organization.Members(ctx, organization.GetID(), management.IncludeFields("user_id"), management.Take(100))
	must(t, err)
	want(t, "number of members", len(members.Members), 1)
	want(t, "member", members.Members[0].GetUserID(), user.GetID())
	want(t, "e-mail, which was not asked for", members.Members[0].GetEmail(), "")
	must(t, api.Organization.DeleteMembers(ctx, organization.GetID(), []string{user.GetID()}))
	members, err = api.Organization.Members(ctx, organization.GetID())
	must(t, err)
	want(t, "number of members", len(members.Members), 0)
}

func publicKey(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	must(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}
